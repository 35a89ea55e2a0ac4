namespace Faafo.OpenStack;

/// <summary>404: there is no such resource, or this project may not see it.</summary>
public sealed class NotFoundException : OpenStackApiException
{
    internal NotFoundException(ApiError error)
        : base(error)
    {
    }
}
