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
    /// <param name="document">The document.</param>
    /// <param name="key">The member.</param>
    /// <param name="type">The JSON type of the result.</param>
    /// <param name="dropped">Receives what could not be read and is not required; see <see cref="LenientReader"/>.</param>
    public static T Read<T>(JsonElement document, string? key, JsonTypeInfo<T> type, Action<string>? dropped = null)
    {
        var member = Member(document, key);
        CheckId(member);
        var value = LenientReader.Read(member, type, dropped);
        (value as ServiceResource)?.Keep(member);
        return value;
    }

    /// <summary>Reads a text; <c>null</c> if there is none. A text with half a surrogate pair is none.</summary>
    public static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Translates the framework's exceptions for invalid texts and numbers into a JSON error.</summary>
    public static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    // The library, and its callers, put the id into the path of the next request.
    private static void CheckId(JsonElement resource)
    {
        if (Text(resource, "id") is { } id && !PathSegment.IsValid(id))
        {
            throw new JsonException($"'{id}' is not an id");
        }
    }

    public static JsonElement Member(JsonElement document, string? key)
    {
        if (key is null)
        {
            return document;
        }
        // Comparing with a name that has half a surrogate pair fails.
        return Guard(() => document.ValueKind == JsonValueKind.Object && document.TryGetProperty(key, out var member)
            ? member
            : throw new JsonException($"there is no '{key}'"));
    }
}
