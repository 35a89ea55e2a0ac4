using System.Net;

namespace Faafo.OpenStack;

/// <summary>A quota is used up (403 from Nova and Heat, 409 from Neutron, 413 from Cinder and Glance).</summary>
public sealed class QuotaExceededException : OpenStackApiException
{
    /// <summary>Creates the exception, for tests of programs that handle it.</summary>
    /// <param name="service">The service.</param>
    /// <param name="message">The message.</param>
    public QuotaExceededException(ServiceType service, string message)
        : base(service, HttpStatusCode.Forbidden, message)
    {
    }

    internal QuotaExceededException(ApiError error)
        : base(error)
    {
    }
}
