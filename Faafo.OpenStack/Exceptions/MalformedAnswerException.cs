namespace Faafo.OpenStack;

/// <summary>A service reported success, but the body of its response does not follow its API.</summary>
public sealed class MalformedAnswerException : OpenStackException
{
    internal MalformedAnswerException(ServiceType service, string path, Exception cause)
        : base($"{service.Name}: the response for {ApiError.Mask(path)} is malformed: {cause.Message}", cause) => Service = service;

    internal MalformedAnswerException(ServiceType service, string path, string reason)
        : base($"{service.Name}: the response for {ApiError.Mask(path)} is malformed: {reason}") => Service = service;

    /// <summary>The service that responded.</summary>
    public ServiceType Service { get; }
}
