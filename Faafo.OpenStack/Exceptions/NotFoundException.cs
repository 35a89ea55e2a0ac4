using System.Net;

namespace Faafo.OpenStack;

/// <summary>
/// 404 by the service itself: there is no such resource, or this project may not see it. A 404 of a proxy, or of a service that does not
/// know the path, is a plain <see cref="OpenStackApiException"/>.
/// </summary>
public sealed class NotFoundException : OpenStackApiException
{
    /// <summary>Creates the exception, for tests of programs that handle it.</summary>
    /// <param name="service">The service.</param>
    /// <param name="message">The message.</param>
    public NotFoundException(ServiceType service, string message)
        : base(service, HttpStatusCode.NotFound, message)
    {
    }

    internal NotFoundException(ApiError error)
        : base(error)
    {
    }
}
