using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faafo.Fractals;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Faafo.Api.Http;

/// <summary>Reads request bodies: any bytes give either a value or a rejection with the reason.</summary>
internal static class JsonBody
{
    /// <summary>Reads a body; returns it or the response that rejects it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">The type to read.</param>
    /// <param name="what">The kind of body, for messages: "a result".</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<(T? Body, JsonHttpResult<Problem>? Rejection)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken) where T : class
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync(request.Body, type, cancellationToken);
            return body is not null
                ? (body, null)
                : (null, Problems.Rejected([new FieldError("body", null, what, $"the body must be {what} (got null)")]));
        }
        catch (Exception e) when (IsMalformed(e))
        {
            return (null, Problems.Rejected(Problems.OfBody(e, what)));
        }
    }

    /// <summary>
    /// Whether an exception means malformed text. System.Text.Json throws JsonException for most of it, but InvalidOperationException for
    /// strings that are not valid Unicode, for instance <c>"\ud800"</c>.
    /// </summary>
    public static bool IsMalformed(Exception e) =>
        e is JsonException or InvalidOperationException or FormatException or NotSupportedException;

    /// <summary>
    /// Returns the charset that a request declares for its body unless it is UTF-8, the only encoding of JSON (RFC 8259, section 8.1).
    /// </summary>
    public static string? OtherCharset(HttpContext context)
    {
        var takesBody = context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null;
        if (!takesBody || !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.Charset.HasValue)
        {
            return null;
        }
        var charset = HeaderUtilities.RemoveQuotes(type.Charset).Value;
        var isUtf8 = string.Equals(charset, "utf-8", StringComparison.OrdinalIgnoreCase)
            || string.Equals(charset, "us-ascii", StringComparison.OrdinalIgnoreCase);
        return isUtf8 ? null : charset;
    }
}
