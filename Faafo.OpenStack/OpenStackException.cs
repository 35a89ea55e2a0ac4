using System.Globalization;
using System.Net;

namespace Faafo.OpenStack;

/// <summary>The root of everything this library throws on its own account.</summary>
public class OpenStackException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public OpenStackException()
    {
    }

    /// <summary>Creates an exception that says what happened.</summary>
    public OpenStackException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception that says what happened and why.</summary>
    public OpenStackException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A service answered, and the answer was an error. Carries the whole exchange except the token.</summary>
public class OpenStackApiException : OpenStackException
{
    internal OpenStackApiException(ApiError error, Exception? innerException = null)
        : base(error.ToString(), innerException)
    {
        (Status, Service, Method, Uri) = (error.Status, error.Service, error.Method, error.Uri);
        (RequestId, ErrorType, Detail, RetryAfter, Body) = (error.RequestId, error.ErrorType, error.Detail, error.RetryAfter, error.Body);
    }

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The service that answered.</summary>
    public ServiceType Service { get; }

    /// <summary>The HTTP method of the request.</summary>
    public string Method { get; }

    /// <summary>The address of the request; signatures in its query are masked.</summary>
    public string Uri { get; }

    /// <summary>The service's id of the request, which its operator can find in the logs; <c>null</c> when it sent none.</summary>
    public string? RequestId { get; }

    /// <summary>The service's name of the error, such as <c>itemNotFound</c> or <c>SecurityGroupInUse</c>.</summary>
    public string? ErrorType { get; }

    /// <summary>The service's own words.</summary>
    public string? Detail { get; }

    /// <summary>How long the service asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The first 4,096 characters of the answer.</summary>
    public string Body { get; }
}

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

/// <summary>A service answered with success, but with a body that is not what its API promises.</summary>
public sealed class MalformedAnswerException : OpenStackException
{
    internal MalformedAnswerException(ServiceType service, string path, Exception cause)
        : base($"{service.Name}: the answer for {ApiError.Mask(path)} is malformed: {cause.Message}", cause) => Service = service;

    /// <summary>The service that answered.</summary>
    public ServiceType Service { get; }
}

/// <summary>
/// A service's version document could not be read, for a reason that may pass, so that the microversion is not known. The request was not
/// sent; the next one reads the document again.
/// </summary>
public sealed class VersionDocumentException : OpenStackException
{
    internal VersionDocumentException(ServiceType service, Uri address, string setting, Exception cause)
        : base(
            $"{service.Name}: the version document {ApiError.Mask(address.ToString())} cannot be read, so the microversion is unknown: "
            + $"{Reason(cause)}. Retry later; if this address never responds, set {setting} in clouds.yaml.",
            cause) => Service = service;

    /// <summary>The service that was asked.</summary>
    public ServiceType Service { get; }

    // A parser's message about HTML does not help.
    private static string Reason(Exception cause) =>
        cause is System.Text.Json.JsonException ? "the answer is no version document" : cause.Message.TrimEnd('.');
}

/// <summary>
/// A request needs a later microversion than the cloud or the configuration gives: the service would refuse it or, worse, ignore a part of
/// it. Nothing was sent.
/// </summary>
public sealed class MicroversionException : OpenStackException
{
    internal MicroversionException(ServiceType service, string purpose, Version required, string? actual, string reason)
        : base($"{service.Name}: {purpose} needs microversion {required} or later; {reason}.") =>
        (Service, Required, Actual) = (service, required.ToString(), actual);

    /// <summary>The service that would have been asked.</summary>
    public ServiceType Service { get; }

    /// <summary>The first microversion that can do it, such as <c>2.26</c>.</summary>
    public string Required { get; }

    /// <summary>The microversion that requests carry; <c>null</c> when the cloud shows none.</summary>
    public string? Actual { get; }
}

/// <summary>401: the credential or the token was refused, even after a new login.</summary>
public sealed class UnauthorizedException : OpenStackApiException
{
    internal UnauthorizedException(ApiError error)
        : base(error)
    {
    }
}

/// <summary>404: there is no such thing, or this project may not see it.</summary>
public sealed class NotFoundException : OpenStackApiException
{
    internal NotFoundException(ApiError error)
        : base(error)
    {
    }
}

/// <summary>409 or 412: the thing is in a state, or in use, or changed, so that the request can't be carried out now.</summary>
public sealed class ConflictException : OpenStackApiException
{
    internal ConflictException(ApiError error)
        : base(error)
    {
    }
}

/// <summary>A quota is used up (Nova and Heat say 403, Neutron 409, Cinder and Glance 413).</summary>
public sealed class QuotaExceededException : OpenStackApiException
{
    internal QuotaExceededException(ApiError error)
        : base(error)
    {
    }
}

/// <summary>429, or 413 with Retry-After: too many requests, after all retries.</summary>
public sealed class RateLimitedException : OpenStackApiException
{
    internal RateLimitedException(ApiError error)
        : base(error)
    {
    }
}

/// <summary>A resource went into a failed state while it was waited for.</summary>
public sealed class ResourceFailedException : OpenStackException
{
    internal ResourceFailedException(string resource, string id, string status, string? fault)
        : base($"{resource} {id} is {status}" + (fault is null ? "" : $": {fault}")) =>
        (Resource, Id, Status, Fault) = (resource, id, status, fault);

    /// <summary>The kind of resource, such as <c>server</c>.</summary>
    public string Resource { get; }

    /// <summary>The id of the resource.</summary>
    public string Id { get; }

    /// <summary>The failed status, such as <c>ERROR</c>.</summary>
    public string Status { get; }

    /// <summary>What the service says about the failure, and the end of the console if there is one.</summary>
    public string? Fault { get; }
}

/// <summary>A resource did not reach the wanted state in time; it may still do so.</summary>
public sealed class WaitTimeoutException : OpenStackException
{
    internal WaitTimeoutException(string what, TimeSpan waited, string lastStatus, string? explanation)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} was still {lastStatus} after {waited.TotalSeconds:0} s{(explanation is null ? "" : $": {explanation}")}")) =>
        (Waited, LastStatus) = (waited, lastStatus);

    /// <summary>How long was waited.</summary>
    public TimeSpan Waited { get; }

    /// <summary>The last status that was seen.</summary>
    public string LastStatus { get; }
}

/// <summary>A name stands for several things, so that an id is needed.</summary>
public sealed class AmbiguousNameException : OpenStackException
{
    internal AmbiguousNameException(string resource, string name, IReadOnlyList<string> ids)
        : base($"{ids.Count} {resource}s are named '{name}': {string.Join(", ", ids)}. Use an id.") => Ids = ids;

    /// <summary>The ids of all the things of that name.</summary>
    public IReadOnlyList<string> Ids { get; }
}

/// <summary>Nothing has that name or id.</summary>
public sealed class NameNotFoundException : OpenStackException
{
    internal NameNotFoundException(string resource, string nameOrId)
        : base($"There is no {resource} with the name or id '{nameOrId}'.") => NameOrId = nameOrId;

    /// <summary>What was looked for.</summary>
    public string NameOrId { get; }
}

/// <summary>Something was to be chosen without a name, and the choice is not clear.</summary>
public sealed class ChoiceException : OpenStackException
{
    internal ChoiceException(string resource, IReadOnlyList<string> names)
        : base(names.Count == 0 ? $"There is no {resource} to choose." : $"There are several {resource}s, name one of: {string.Join(", ", names)}.") => Names = names;

    /// <summary>The names to choose from.</summary>
    public IReadOnlyList<string> Names { get; }
}

/// <summary>The catalog has no such service in this region at this interface.</summary>
public sealed class EndpointNotFoundException : OpenStackException
{
    internal EndpointNotFoundException(string message, IReadOnlyList<string> available, Exception? innerException = null)
        : base(message, innerException) => Available = available;

    /// <summary>What the catalog has, as <c>type interface region</c>.</summary>
    public IReadOnlyList<string> Available { get; }
}

/// <summary>clouds.yaml, secure.yaml or the environment does not describe a usable cloud.</summary>
public sealed class CloudConfigException : OpenStackException
{
    internal CloudConfigException(string message, string? file = null, long line = 0, Exception? innerException = null)
        : base(file is null ? message : line > 0 ? $"{file}:{line}: {message}" : $"{file}: {message}", innerException) =>
        (File, Line) = (file, line);

    /// <summary>The file that is wrong; <c>null</c> when there is none.</summary>
    public string? File { get; }

    /// <summary>The line in the file, from 1; 0 when no single line is wrong.</summary>
    public long Line { get; }
}
