using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Reads references to resources, <c>[{"id": "..."}]</c>, as a list of ids.</summary>
internal sealed class IdListConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("the references are not a list");
        }
        return [.. document.RootElement.EnumerateArray().Select(ReadId)];
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var id in value)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static string ReadId(JsonElement reference) =>
        reference.ValueKind == JsonValueKind.Object && reference.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()!
            : throw new JsonException("a reference has no id");
}
