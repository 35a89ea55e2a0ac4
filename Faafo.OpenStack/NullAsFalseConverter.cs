using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

/// <summary>Reads <c>null</c> as <c>false</c>: services write it for what was never set.</summary>
internal sealed class NullAsFalseConverter : JsonConverter<bool>
{
    public override bool HandleNull => true;

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        var other => throw new JsonException($"{other} is neither true nor false"),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
