using System.Net;

namespace Faafo.OpenStack;

/// <summary>A service returned an error. It has the details of request and response, without the token.</summary>
public class OpenStackApiException : OpenStackException
{
    /// <summary>Creates the exception, for tests of programs that handle it; the other properties can be initialized.</summary>
    /// <param name="service">The service.</param>
    /// <param name="status">The HTTP status of the response.</param>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public OpenStackApiException(ServiceType service, HttpStatusCode status, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Service = service;
        Status = status;
        Method = "";
        Uri = "";
        Body = "";
    }

    internal OpenStackApiException(ApiError error, Exception? innerException = null)
        : base(error.ToString(), innerException)
    {
        Status = error.Status;
        Service = error.Service;
        Method = error.Method;
        Uri = error.Uri;
        RequestId = error.RequestId;
        ErrorType = error.ErrorType;
        Detail = error.Detail;
        RetryAfter = error.RetryAfter;
        Body = error.Body;
    }

    /// <summary>The HTTP status of the response.</summary>
    public HttpStatusCode Status { get; init; }

    /// <summary>The service.</summary>
    public ServiceType Service { get; init; }

    /// <summary>The HTTP method of the request.</summary>
    public string Method { get; init; }

    /// <summary>The address of the request; signatures in its query are masked.</summary>
    public string Uri { get; init; }

    /// <summary>The service's id of the request, by which its operator finds it in the logs; <c>null</c> if it sent none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The service's name of the error, such as <c>itemNotFound</c> or <c>SecurityGroupInUse</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The service's own message.</summary>
    public string? Detail { get; init; }

    /// <summary>The delay that the service asks for in Retry-After.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The first 4,096 characters of the response.</summary>
    public string Body { get; init; }
}
