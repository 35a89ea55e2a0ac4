namespace Faafo.OpenStack;

/// <summary>A service answered with success, but with a body that is not what its API promises.</summary>
public sealed class MalformedAnswerException : OpenStackException
{
    internal MalformedAnswerException(ServiceType service, string path, Exception cause)
        : base($"{service.Name}: the answer for {ApiError.Mask(path)} is malformed: {cause.Message}", cause) => Service = service;

    /// <summary>The service that answered.</summary>
    public ServiceType Service { get; }
}
