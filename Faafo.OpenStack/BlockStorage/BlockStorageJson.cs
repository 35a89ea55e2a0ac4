using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.BlockStorage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Volume))]
[JsonSerializable(typeof(NewVolume))]
[JsonSerializable(typeof(VolumeType))]
[JsonSerializable(typeof(QuotaUsage))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(Snapshot))]
[JsonSerializable(typeof(NewSnapshot))]
internal sealed partial class BlockStorageJson : JsonSerializerContext;
