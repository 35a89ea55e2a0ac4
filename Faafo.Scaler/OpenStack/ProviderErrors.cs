using System.Net;
using Faafo.OpenStack;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.OpenStack;

/// <summary>Translates the errors of OpenStack to those of an instance provider.</summary>
internal static class ProviderErrors
{
    /// <summary>Runs an operation; its error keeps its kind.</summary>
    /// <param name="what">What the operation does, for the message: <c>create app-worker-1</c>.</param>
    /// <param name="act">The operation.</param>
    /// <exception cref="ProviderException">The cloud failed or rejected a request.</exception>
    public static async Task<T> TranslateErrorsAsync<T>(string what, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (OpenStackException e)
        {
            throw new ProviderException(KindOf(e), $"cannot {what}: {e.Message}", e);
        }
    }

    /// <summary>The kind of an error.</summary>
    public static ProviderErrorKind KindOf(OpenStackException error) => error switch
    {
        QuotaExceededException => ProviderErrorKind.Quota,
        ConflictException => ProviderErrorKind.Conflict,
        NotFoundException or NameNotFoundException => ProviderErrorKind.NotFound,
        UnauthorizedException or OpenStackApiException { Status: HttpStatusCode.Forbidden } => ProviderErrorKind.Forbidden,
        NoAnswerException or RateLimitedException or WaitTimeoutException => ProviderErrorKind.Transient,
        OpenStackApiException { Status: >= HttpStatusCode.InternalServerError } => ProviderErrorKind.Transient,
        _ => ProviderErrorKind.Rejected,
    };
}
