namespace Faafo.OpenStack;

/// <summary>429, or 413 with Retry-After: too many requests, after all retries.</summary>
public sealed class RateLimitedException : OpenStackApiException
{
    internal RateLimitedException(ApiError error)
        : base(error)
    {
    }
}
