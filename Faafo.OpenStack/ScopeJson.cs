using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScopedItem))]
internal sealed partial class ScopeJson : JsonSerializerContext;
