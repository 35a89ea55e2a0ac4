using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Images;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Image))]
[JsonSerializable(typeof(NewImage))]
internal sealed partial class ImageJson : JsonSerializerContext;
