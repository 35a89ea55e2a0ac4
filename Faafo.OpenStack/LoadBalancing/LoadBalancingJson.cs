using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadBalancer))]
[JsonSerializable(typeof(NewLoadBalancer))]
[JsonSerializable(typeof(Listener))]
[JsonSerializable(typeof(NewListener))]
[JsonSerializable(typeof(Pool))]
[JsonSerializable(typeof(NewPool))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(NewMember))]
[JsonSerializable(typeof(NewMember[]))]
[JsonSerializable(typeof(MemberUpdate))]
[JsonSerializable(typeof(HealthMonitor))]
[JsonSerializable(typeof(NewHealthMonitor))]
[JsonSerializable(typeof(HealthMonitorUpdate))]
[JsonSerializable(typeof(LoadBalancerUpdate))]
[JsonSerializable(typeof(ListenerUpdate))]
[JsonSerializable(typeof(PoolUpdate))]
[JsonSerializable(typeof(SessionPersistence))]
[JsonSerializable(typeof(TrafficStatistics))]
[JsonSerializable(typeof(StatusReply))]
internal sealed partial class LoadBalancingJson : JsonSerializerContext;
