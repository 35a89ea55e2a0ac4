namespace Faafo;

/// <summary>The API refused a request or could not be reached. The message is a sentence for a person.</summary>
/// <param name="status">The HTTP status code; 0 when no answer came.</param>
/// <param name="message">What went wrong.</param>
/// <param name="inner">The cause below.</param>
public sealed class FaafoApiException(int status, string message, Exception? inner) : Exception(message, inner)
{
    /// <summary>The HTTP status code; 0 when no answer came.</summary>
    public int Status { get; } = status;

    /// <summary>
    /// The <see cref="Problem.Type"/> of the API's own answer to this request; null when something else answered, or nothing.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>True when asking again later may help: no answer, 429, or an error of the server.</summary>
    public bool IsTransient => Status is 0 or 408 or 429 or >= 500;

    /// <summary>
    /// True when an API of Faafo has judged this request and will judge it the same way again. What a proxy answers never is: its routes,
    /// credentials and pages say nothing about fractals.
    /// </summary>
    public bool IsRefusal => Type is not null && Status is 400 or 409 or 413 or 415;

    internal static FaafoApiException Unreachable(Uri endpoint, Exception cause) =>
        new(0, $"cannot reach the API at {endpoint.AbsoluteUri.TrimEnd('/')}: {cause.InnerException?.Message ?? cause.Message}", cause);
}
