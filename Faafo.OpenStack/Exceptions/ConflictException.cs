using System.Net;

namespace Faafo.OpenStack;

/// <summary>409 or 412: the resource is in use, was changed, or its state does not allow the request now.</summary>
public sealed class ConflictException : OpenStackApiException
{
    /// <summary>Creates the exception, for tests of programs that handle it.</summary>
    /// <param name="service">The service.</param>
    /// <param name="message">The message.</param>
    public ConflictException(ServiceType service, string message)
        : base(service, HttpStatusCode.Conflict, message)
    {
    }

    internal ConflictException(ApiError error)
        : base(error)
    {
    }
}
