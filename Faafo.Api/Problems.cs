using Faafo.Fractals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faafo.Api;

/// <summary>The errors of this API: problem details (RFC 9457), with the original's <c>code</c> and <c>message</c> beside.</summary>
internal static class Problems
{
    /// <summary>400, naming every refused field.</summary>
    public static JsonHttpResult<Problem> Refused(IReadOnlyList<FieldError> errors) =>
        Of(400, string.Join("; ", errors.Select(e => e.Message)), errors);

    /// <summary>400 for one field.</summary>
    public static JsonHttpResult<Problem> Refused(string field, string? value, string limit) => Refused([FieldError.Of(field, value, limit)]);

    /// <summary>404.</summary>
    public static JsonHttpResult<Problem> NotFound(string what) => Of(404, $"there is no {what}");

    /// <summary>Any status with a sentence.</summary>
    public static JsonHttpResult<Problem> Of(int status, string detail, IReadOnlyList<FieldError>? errors = null) =>
        TypedResults.Json(Details(status, detail, errors), contentType: "application/problem+json", statusCode: status);

    /// <summary>Writes a problem where no handler can return one.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }
        return context.Response.WriteAsJsonAsync(Details(status, detail, null), options: null, "application/problem+json", context.RequestAborted);
    }

    private static Problem Details(int status, string detail, IReadOnlyList<FieldError>? errors) =>
        new(Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail) { Errors = errors };
}
