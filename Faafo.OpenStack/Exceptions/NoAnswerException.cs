namespace Faafo.OpenStack;

/// <summary>No usable answer came: no connection, a lost one, or none in time.</summary>
public sealed class NoAnswerException : OpenStackException
{
    internal NoAnswerException(ServiceType service, HttpRequestMessage request, HttpRequestException cause)
        : base($"{service.Name}: {request.Method} {ApiError.Mask(request.RequestUri?.ToString() ?? "")} got no answer: {cause.Message}", cause) =>
        (Service, MayHaveArrived) = (service, !RetryHandler.NeverArrived(cause));

    /// <summary>The service that was asked.</summary>
    public ServiceType Service { get; }

    /// <summary>Whether the service may have carried out the request all the same.</summary>
    public bool MayHaveArrived { get; }
}
