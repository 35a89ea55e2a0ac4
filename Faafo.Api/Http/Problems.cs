using System.Text.Json;
using System.Text.RegularExpressions;
using Faafo.Fractals;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Faafo.Api.Http;

/// <summary>Builds error responses: problem details (RFC 9457) with the original's <c>code</c> and <c>message</c> added.</summary>
internal static partial class Problems
{
    private const int LongestQuote = 60;

    /// <summary>Builds a 400 that names every rejected field.</summary>
    public static JsonHttpResult<Problem> Rejected(IReadOnlyList<FieldError> errors) =>
        Of(400, string.Join("; ", errors.Select(e => e.Message)), errors: errors);

    /// <summary>Builds a 400 for one field.</summary>
    public static JsonHttpResult<Problem> Rejected(string field, string? value, string limit) =>
        Rejected([FieldError.Of(field, value, limit)]);

    /// <summary>
    /// Describes what is wrong with a body that could not be read, by field if possible. Classes of this program are never named.
    /// </summary>
    /// <param name="e">The reader's exception.</param>
    /// <param name="what">The expected kind of body: "a result".</param>
    public static IReadOnlyList<FieldError> OfBody(Exception e, string what)
    {
        if (e is not JsonException json)
        {
            return [new FieldError("body", null, what, $"the body is not {what}: {e.Message}")];
        }
        if (e.InnerException is JsonException syntax)
        {
            return [new FieldError("body", null, "JSON", $"the body is not JSON: {syntax.Message}")];
        }
        if (e.Message.Contains("required properties", StringComparison.Ordinal))
        {
            return [.. Quoted().Matches(e.Message[e.Message.IndexOf("including", StringComparison.Ordinal)..])
                .Select(name => FieldError.Of(name.Groups[1].Value, null, "given"))];
        }
        if (json.Path is not { Length: > 2 } path)
        {
            return [new FieldError("body", null, what, $"the body is not {what}")];
        }
        var field = Shortened(path[2..]);
        return [e.Message.Contains("could not be mapped", StringComparison.Ordinal)
            ? new FieldError(field, null, "no such field", $"{field} is not a field of {what}")
            : new FieldError(field, null, $"of the type that {what} has there", $"{field} has the wrong type")];
    }

    /// <summary>Shortens text of a request for use in a message.</summary>
    public static string Shortened(string text) => text.Length <= LongestQuote ? text : text[..LongestQuote] + "...";

    /// <summary>
    /// Builds a 404 for a fractal: the uuid is unknown, or it is not a uuid. Workers drop a task on the first, never on the second.
    /// </summary>
    public static JsonHttpResult<Problem> NoFractal(string uuid) => Guid.TryParse(uuid, out var id)
        ? NotFound(Problem.NoSuchFractal, id.ToString(), $"fractal {uuid}")
        : NotFound(Problem.InvalidUuid, null, $"fractal {uuid}");

    /// <summary>Builds a 404.</summary>
    public static JsonHttpResult<Problem> NotFound(string type, string? resource, string what) =>
        Of(404, $"there is no {what}", type, resource);

    /// <summary>Builds a response with any status and message.</summary>
    public static JsonHttpResult<Problem> Of(
        int status, string detail, string? type = null, string? resource = null, IReadOnlyList<FieldError>? errors = null) =>
        TypedResults.Json(
            Details(status, detail) with { Type = type ?? Problem.TypeOf(status), Resource = resource, Errors = errors },
            contentType: Problem.MediaType, statusCode: status);

    /// <summary>Writes a problem where no handler can return one.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }
        return context.Response.WriteAsJsonAsync(Details(status, detail), options: null, Problem.MediaType, context.RequestAborted);
    }

    private static Problem Details(int status, string detail) =>
        new(ReasonPhrases.GetReasonPhrase(status), status, detail) { Type = Problem.TypeOf(status) };

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
