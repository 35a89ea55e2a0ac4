using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack;

/// <summary>OpenStack wraps nearly every body in an object with one member, the resource's name: these take it off and put it on.</summary>
internal static class Json
{
    /// <summary>Writes one object; <paramref name="members"/> writes what is in it.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes <c>{"key": body}</c>.</summary>
    public static byte[] Write<T>(string key, T body, JsonTypeInfo<T> type) => Write(json =>
    {
        json.WritePropertyName(key);
        JsonSerializer.Serialize(json, body, type);
    });

    /// <summary>Reads the member <paramref name="key"/> of <paramref name="document"/>; all of it when <paramref name="key"/> is <c>null</c>.</summary>
    /// <exception cref="JsonException">There is no such member or it is something else.</exception>
    public static T Read<T>(JsonElement document, string? key, JsonTypeInfo<T> type) =>
        Member(document, key).Deserialize(type) ?? throw new JsonException($"'{key}' is null");

    public static JsonElement Member(JsonElement document, string? key) =>
        key is null ? document
            : document.ValueKind == JsonValueKind.Object && document.TryGetProperty(key, out var member) ? member
            : throw new JsonException($"there is no '{key}'");
}
