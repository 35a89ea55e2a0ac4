using System.Net;

namespace Faafo.OpenStack;

/// <summary>A service returned an error. It has the details of request and response, without the token.</summary>
public class OpenStackApiException : OpenStackException
{
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
    public HttpStatusCode Status { get; }

    /// <summary>The service.</summary>
    public ServiceType Service { get; }

    /// <summary>The HTTP method of the request.</summary>
    public string Method { get; }

    /// <summary>The address of the request; signatures in its query are masked.</summary>
    public string Uri { get; }

    /// <summary>The service's id of the request, by which its operator finds it in the logs; <c>null</c> if it sent none.</summary>
    public string? RequestId { get; }

    /// <summary>The service's name of the error, such as <c>itemNotFound</c> or <c>SecurityGroupInUse</c>.</summary>
    public string? ErrorType { get; }

    /// <summary>The service's own message.</summary>
    public string? Detail { get; }

    /// <summary>The delay that the service asks for in Retry-After.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The first 4,096 characters of the response.</summary>
    public string Body { get; }
}
