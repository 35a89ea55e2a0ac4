using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>Reads the image of a server; Nova writes an empty string for "no image".</summary>
internal sealed class ServerImageConverter : JsonConverter<ServerImage?>
{
    public override ServerImage? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                ? new ServerImage(id.GetString()!)
                : null;
        }
        return null;
    }

    public override void Write(Utf8JsonWriter writer, ServerImage? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value?.Id ?? "");
}
