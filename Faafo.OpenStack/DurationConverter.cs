using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

/// <summary>Reads and writes durations as whole numbers of a unit; a fraction is rounded up.</summary>
internal abstract class DurationConverter(long ticksPerUnit) : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count)
        && count <= TimeSpan.MaxValue.Ticks / ticksPerUnit && count >= TimeSpan.MinValue.Ticks / ticksPerUnit
            ? TimeSpan.FromTicks(count * ticksPerUnit)
            : throw new JsonException("the value is not a duration");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((long)Math.Ceiling((double)value.Ticks / ticksPerUnit));
}
