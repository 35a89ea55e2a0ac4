using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Stack))]
[JsonSerializable(typeof(StackReference))]
[JsonSerializable(typeof(StackResource))]
[JsonSerializable(typeof(StackEvent))]
internal sealed partial class OrchestrationJson : JsonSerializerContext;
