using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Faafo.Fractals;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Faafo.Api.Http;

/// <summary>Reads the bodies of requests: whatever their bytes are, the result is a value or a refusal that says why.</summary>
internal static class JsonBody
{
    /// <summary>A body, or the answer that refuses it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">What to read.</param>
    /// <param name="what">What the body should be, for the message: "a result".</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(T? Body, JsonHttpResult<Problem>? Refusal)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, cancellationToken) is { } body
                ? (body, null) : (null, Problems.Refused([new FieldError("body", null, what, $"the body must be {what}, not null")]));
        }
        catch (Exception e) when (IsMalformed(e))
        {
            return (null, Problems.Refused(Problems.OfBody(e, what)));
        }
    }

    /// <summary>
    /// Whether an exception says that text is not what it should be. System.Text.Json throws JsonException for most such text, but
    /// InvalidOperationException for strings that are no Unicode, for instance <c>"\ud800"</c>.
    /// </summary>
    public static bool IsMalformed(Exception e) =>
        e is JsonException or InvalidOperationException or FormatException or NotSupportedException;

    /// <summary>
    /// The encoding that a request names for its body, if it is not UTF-8, which is the only one of JSON (RFC 8259, section 8.1).
    /// </summary>
    public static string? OtherCharset(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null
        && MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue
        && HeaderUtilities.RemoveQuotes(type.Charset).Value is { } charset
        && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
            ? charset : null;
}
