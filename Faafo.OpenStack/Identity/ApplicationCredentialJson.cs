using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Identity;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(NewApplicationCredential))]
[JsonSerializable(typeof(ApplicationCredentialInfo))]
internal sealed partial class ApplicationCredentialJson : JsonSerializerContext;
