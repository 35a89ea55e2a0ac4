using System.Net;

namespace Faafo.OpenStack;

/// <summary>401: the credential was rejected, or the token even after another login.</summary>
public sealed class UnauthorizedException : OpenStackApiException
{
    /// <summary>Creates the exception, for tests of programs that handle it.</summary>
    /// <param name="service">The service.</param>
    /// <param name="message">The message.</param>
    public UnauthorizedException(ServiceType service, string message)
        : base(service, HttpStatusCode.Unauthorized, message)
    {
    }

    internal UnauthorizedException(ApiError error)
        : base(error)
    {
    }
}
