using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Reads and writes the headers in which Swift keeps the properties of containers and objects.</summary>
internal static class ObjectHeaders
{
    private static readonly long LatestSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads the entity tag. Swift sends it without quotation marks, which the typed header of .NET ignores.</summary>
    public static string? ETag(HttpResponseMessage response) => Text(response, "ETag")?.Trim('"');

    public static string? Text(HttpResponseMessage response, string name)
    {
        var isFound = response.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Content.Headers.NonValidated.TryGetValues(name, out values);
        return isFound ? values.ToString() : null;
    }

    public static long? Number(HttpResponseMessage response, string name) =>
        long.TryParse(Text(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static ObjectInfo ReadInfo(HttpResponseMessage response, string name) => new()
    {
        Name = name,
        Length = response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength ?? 0,
        ETag = ETag(response) ?? "",
        ContentType = Text(response, "Content-Type"),
        ContentDisposition = Text(response, "Content-Disposition"),
        ContentEncoding = Text(response, "Content-Encoding"),
        LastModified = response.Content.Headers.LastModified,
        IsLargeObject = Text(response, "X-Static-Large-Object") is { } large && large.Equals("True", StringComparison.OrdinalIgnoreCase),
        DeleteAt = Number(response, "X-Delete-At") is { } seconds && seconds <= LatestSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null,
        Metadata = ReadMetadata(response, "X-Object-Meta-"),
    };

    public static void WriteMetadata(HttpRequestMessage request, string prefix, IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            if (!request.Headers.TryAddWithoutValidation(prefix + key, Escape(value)))
            {
                throw new ArgumentException(
                    $"'{key}' is not a valid metadata name: it must be a valid part of a header name", nameof(metadata));
            }
        }
    }

    /// <summary>Writes the headers that Swift keeps with an object; omits those that are null or empty.</summary>
    public static void WriteContentHeaders(HttpRequestMessage request, string? type, string? disposition, string? encoding)
    {
        var headers = request.Content!.Headers;
        Write(headers, "Content-Type", type is "" ? null : type);
        Write(headers, "Content-Disposition", disposition is "" ? null : disposition);
        Write(headers, "Content-Encoding", encoding is "" ? null : encoding);
    }

    /// <summary>Writes a header unless the value is null.</summary>
    public static void Write(HttpHeaders headers, string name, string? value)
    {
        if (value is null)
        {
            return;
        }
        if (!IsValid(value) || !headers.TryAddWithoutValidation(name, value))
        {
            throw new ArgumentException($"'{value}' is not a valid {name}: a header is one line of ASCII", nameof(value));
        }
    }

    /// <summary>Checks whether a header can have the value: one line of ASCII.</summary>
    public static bool IsValid(string value) => value.All(character => character is >= ' ' and <= '~');

    /// <summary>Reads the metadata, without the keys of temporary URLs, which are secrets.</summary>
    public static IReadOnlyDictionary<string, string> ReadMetadata(HttpResponseMessage response, string prefix) =>
        response.Headers.NonValidated
        .Where(header => header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && !header.Key[prefix.Length..].StartsWith("Temp-URL-Key", StringComparison.OrdinalIgnoreCase))
        .ToDictionary(
            header => header.Key[prefix.Length..],
            header => Uri.UnescapeDataString(header.Value.ToString()),
            StringComparer.OrdinalIgnoreCase);

    /// <summary>Percent-encodes what is not ASCII, and the percent sign itself: headers are ASCII.</summary>
    private static string Escape(string value)
    {
        var escaped = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            escaped.Append(rune.Value is >= ' ' and <= '~' and not '%' ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }
        return escaped.ToString();
    }
}
