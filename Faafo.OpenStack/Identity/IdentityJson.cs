using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(AuthToken))]
internal sealed partial class IdentityJson : JsonSerializerContext;
