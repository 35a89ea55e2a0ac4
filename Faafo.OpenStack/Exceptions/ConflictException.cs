namespace Faafo.OpenStack;

/// <summary>409 or 412: the resource is in use, was changed, or its state does not allow the request now.</summary>
public sealed class ConflictException : OpenStackApiException
{
    internal ConflictException(ApiError error)
        : base(error)
    {
    }
}
