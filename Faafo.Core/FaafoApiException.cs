namespace Faafo;

/// <summary>A request that the API refused or that did not reach it. The message is one sentence for people.</summary>
/// <param name="status">The HTTP status code; 0 without a response.</param>
/// <param name="message">The message.</param>
/// <param name="inner">The cause.</param>
public sealed class FaafoApiException(int status, string message, Exception? inner) : Exception(message, inner)
{
    /// <summary>The HTTP status code; 0 without a response.</summary>
    public int Status { get; } = status;

    /// <summary>
    /// The <see cref="Problem.Type"/> of the API's own response to this request; null if something else responded, or nothing.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>Whether a retry may succeed: no response, 408, 429, or a server error.</summary>
    public bool IsTransient => Status is 0 or 408 or 429 or >= 500;

    /// <summary>
    /// Whether an API of Faafo refused this request and will refuse it again. Never true for the response of a proxy, whose routes,
    /// credentials and pages have nothing to do with fractals.
    /// </summary>
    public bool IsRefusal => Type is not null && Status is 400 or 409 or 413 or 415;

    internal static FaafoApiException Unreachable(Uri endpoint, Exception cause) =>
        new(0, $"cannot reach the API at {endpoint.AbsoluteUri.TrimEnd('/')}: {cause.InnerException?.Message ?? cause.Message}", cause);
}
