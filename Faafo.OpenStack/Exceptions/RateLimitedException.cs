using System.Net;

namespace Faafo.OpenStack;

/// <summary>429, or 413 with Retry-After: too many requests, after all retries.</summary>
public sealed class RateLimitedException : OpenStackApiException
{
    /// <summary>Creates the exception, for tests of programs that handle it.</summary>
    /// <param name="service">The service.</param>
    /// <param name="message">The message.</param>
    public RateLimitedException(ServiceType service, string message)
        : base(service, HttpStatusCode.TooManyRequests, message)
    {
    }

    internal RateLimitedException(ApiError error)
        : base(error)
    {
    }
}
