namespace Faafo.OpenStack;

/// <summary>409 or 412: the thing is in a state, or in use, or changed, so that the request can't be carried out now.</summary>
public sealed class ConflictException : OpenStackApiException
{
    internal ConflictException(ApiError error)
        : base(error)
    {
    }
}
