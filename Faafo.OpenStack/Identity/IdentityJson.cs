using System.Text.Json.Serialization;
using Faafo.OpenStack.Identity;

namespace Faafo.OpenStack;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(AuthToken))]
[JsonSerializable(typeof(NewApplicationCredential))]
[JsonSerializable(typeof(ApplicationCredentialInfo))]
[JsonSerializable(typeof(AccessRule))]
internal sealed partial class IdentityJson : JsonSerializerContext;
