using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Network))]
[JsonSerializable(typeof(NewNetwork))]
[JsonSerializable(typeof(NetworkUpdate))]
[JsonSerializable(typeof(SubnetUpdate))]
[JsonSerializable(typeof(RouterUpdate))]
[JsonSerializable(typeof(PortUpdate))]
[JsonSerializable(typeof(Subnet))]
[JsonSerializable(typeof(NewSubnet))]
[JsonSerializable(typeof(Port))]
[JsonSerializable(typeof(NewPort))]
[JsonSerializable(typeof(Router))]
[JsonSerializable(typeof(NewRouter))]
[JsonSerializable(typeof(SecurityGroup))]
[JsonSerializable(typeof(NewSecurityGroup))]
[JsonSerializable(typeof(SecurityGroupRule))]
[JsonSerializable(typeof(RuleBody))]
[JsonSerializable(typeof(FloatingIP))]
[JsonSerializable(typeof(NewFloatingIP))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(QuotaUsage))]
internal sealed partial class NetworkingJson : JsonSerializerContext;
