using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Server))]
[JsonSerializable(typeof(CreatedServer))]
[JsonSerializable(typeof(Flavor))]
[JsonSerializable(typeof(KeyPair))]
[JsonSerializable(typeof(KeyPairItem))]
[JsonSerializable(typeof(AvailabilityZone))]
[JsonSerializable(typeof(LimitsReply))]
[JsonSerializable(typeof(ComputeQuotas))]
[JsonSerializable(typeof(ServerGroup))]
[JsonSerializable(typeof(VolumeAttachment))]
[JsonSerializable(typeof(ServerInterface))]
[JsonSerializable(typeof(ServerUpdate))]
[JsonSerializable(typeof(ServerRebuild))]
[JsonSerializable(typeof(ServerAction))]
[JsonSerializable(typeof(RemoteConsole))]
[JsonSerializable(typeof(NewVolumeAttachment))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(string))]
internal sealed partial class ComputeJson : JsonSerializerContext;
