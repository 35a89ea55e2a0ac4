using System.Security.Authentication;

namespace Faafo.OpenStack;

/// <summary>No complete response arrived: the connection failed, was lost, or timed out.</summary>
public sealed class NoAnswerException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="service">The service.</param>
    /// <param name="request">The request.</param>
    /// <param name="cause">The failure; it decides <see cref="MayHaveArrived"/>.</param>
    public NoAnswerException(ServiceType service, HttpRequestMessage request, HttpRequestException cause)
        : base($"{service.Name}: {request.Method} {AddressOf(request)} got no response: {ReasonOf(cause)}", cause)
    {
        Service = service;
        MayHaveArrived = !RetryHandler.NeverArrived(cause);
    }

    /// <summary>The service.</summary>
    public ServiceType Service { get; }

    /// <summary>Whether the service may have carried out the request nevertheless.</summary>
    public bool MayHaveArrived { get; }

    // These are wrapped into "An error occurred" and "see inner exception".
    private static string ReasonOf(HttpRequestException cause) =>
        (cause.InnerException is IOException or AuthenticationException ? cause.InnerException : cause).Message.TrimEnd('.');

    private static string AddressOf(HttpRequestMessage request) => ApiError.Mask(request.RequestUri?.ToString() ?? "");
}
