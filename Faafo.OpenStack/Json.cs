using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack;

/// <summary>Writes and reads JSON bodies: OpenStack wraps nearly all of them in an object with one member, the resource's name.</summary>
internal static class Json
{
    /// <summary>Writes one object; <paramref name="members"/> writes its members.</summary>
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

    /// <summary>Reads a member of <paramref name="document"/>, or all of it if <paramref name="key"/> is <c>null</c>.</summary>
    /// <exception cref="JsonException">There is no such member, or it is of another type.</exception>
    public static T Read<T>(JsonElement document, string? key, JsonTypeInfo<T> type)
    {
        var member = Member(document, key);
        CheckId(member);
        return member.Deserialize(type) ?? throw new JsonException($"'{key}' is null");
    }

    // The library, and its callers, put the id into the path of the next request.
    private static void CheckId(JsonElement resource)
    {
        if (resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("id", out var id)
            && id.ValueKind == JsonValueKind.String && !PathSegment.IsValid(id.GetString()))
        {
            throw new JsonException($"'{id.GetString()}' is not an id");
        }
    }

    public static JsonElement Member(JsonElement document, string? key)
    {
        if (key is null)
        {
            return document;
        }
        return document.ValueKind == JsonValueKind.Object && document.TryGetProperty(key, out var member)
            ? member
            : throw new JsonException($"there is no '{key}'");
    }
}
