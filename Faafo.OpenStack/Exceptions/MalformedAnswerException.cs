namespace Faafo.OpenStack;

/// <summary>A service reported success, but the body of its response does not follow its API.</summary>
public sealed class MalformedAnswerException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="service">The service that responded.</param>
    /// <param name="path">The path of the request.</param>
    /// <param name="cause">The fault of the body.</param>
    public MalformedAnswerException(ServiceType service, string path, Exception cause)
        : this(service, path, cause, requestId: null)
    {
    }

    internal MalformedAnswerException(ServiceType service, string path, Exception cause, string? requestId)
        : base(Describe(service, path, cause.Message) + (requestId is null ? "" : $" (request {requestId})"), cause) => Service = service;

    internal MalformedAnswerException(ServiceType service, string path, string reason)
        : base(Describe(service, path, reason)) => Service = service;

    /// <summary>The service that responded.</summary>
    public ServiceType Service { get; }

    private static string Describe(ServiceType service, string path, string reason) =>
        $"{service.Name}: the response for {ApiError.Mask(path)} is malformed: {reason}";
}
