using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

/// <summary>Writes the empty text as <c>null</c>, with which a service clears a property.</summary>
internal sealed class ClearableTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (value.Length == 0)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }
}
