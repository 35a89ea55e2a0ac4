using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Dns;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Zone))]
[JsonSerializable(typeof(NewZone))]
[JsonSerializable(typeof(ZoneUpdate))]
[JsonSerializable(typeof(RecordSet))]
[JsonSerializable(typeof(NewRecordSet))]
[JsonSerializable(typeof(RecordSetUpdate))]
internal sealed partial class DnsJson : JsonSerializerContext;
