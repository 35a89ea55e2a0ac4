using System.Text.Json.Serialization;

namespace Faafo.OpenStack.KeyManagement;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(SecretReference))]
internal sealed partial class KeyManagementJson : JsonSerializerContext;
