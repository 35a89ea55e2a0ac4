using System.Net.Http.Json;

namespace Faafo.OpenStack;

/// <summary>
/// A request that this library has no method for; see <see cref="CloudSession.SendAsync(ServiceRequest, CancellationToken)"/>.
/// </summary>
/// <param name="Service">The service: one of <see cref="ServiceType"/>, or a new one for any other type in the catalog.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the service's address, such as <c>/os-hypervisors</c>; already escaped.</param>
public sealed record ServiceRequest(ServiceType Service, HttpMethod Method, string Path)
{
    /// <summary>The query; names and values are escaped, and a name may stand several times.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The headers, such as <c>X-Container-Read</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// The body. Content that can be read only once, such as a stream, is not sent again: such a request is not retried, also after an
    /// expired token.
    /// </summary>
    public HttpContent? Content { get; init; }

    /// <summary>The microversion, such as <c>2.79</c>; <c>null</c> for that of the configuration, if it has one.</summary>
    public string? Microversion { get; init; }

    /// <summary>
    /// Whether the request may be sent again although it is a POST or PATCH; GET, PUT and DELETE are always repeated after transient
    /// errors.
    /// </summary>
    public bool IsRepeatable { get; init; }

    /// <summary>
    /// Whether the bodies of request and response are streamed: the response is returned as soon as its headers arrive, and
    /// <see cref="OpenStackClientOptions.IdleTimeout"/> limits pauses instead of the whole attempt.
    /// </summary>
    public bool IsStreamed { get; init; }

    internal RequestContext Context => new(Service)
    {
        Repeatable = IsRepeatable,
        Streamed = IsStreamed,
        ReadOnce = Content is not (null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent),
    };

    internal HttpRequestMessage ToMessage(Uri endpoint, string? microversion)
    {
        var query = string.Join('&', Query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        if (query.Length > 0)
        {
            query = (Path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query;
        }
        var message = new HttpRequestMessage(Method, CloudSession.RawUri(endpoint, Path + query)) { Content = Body() };
        var usual = MicroversionHeaders(Microversion ?? microversion).Prepend(new("Accept", "application/json"));
        foreach (var (name, value) in usual.Where(one => !Headers.Any(own => own.Key.Equals(one.Key, StringComparison.OrdinalIgnoreCase))))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        foreach (var (name, value) in Headers)
        {
            Add(message, name, value);
        }
        return message;
    }

    private static void Add(HttpRequestMessage message, string name, string value)
    {
        if (message.Headers.TryAddWithoutValidation(name, value))
        {
            return;
        }
        if (message.Content is not { } body)
        {
            throw new ArgumentException($"the header {name} describes a body, but the request has none", nameof(message));
        }
        body.Headers.Remove(name);
        body.Headers.TryAddWithoutValidation(name, value);
    }

    // A body that is not streamed is written within the time limit of an attempt.
    private HttpContent? Body()
    {
        if (Content is null || !IsStreamed)
        {
            return Content;
        }
        var body = new UploadContent(
            (target, token) => Content.CopyToAsync(target, token), Content.Headers.ContentLength, rewindable: !Context.ReadOnce);
        foreach (var (name, values) in Content.Headers)
        {
            body.Headers.Remove(name);
            body.Headers.TryAddWithoutValidation(name, values);
        }
        return body;
    }

    // As keystoneauth1/session.py, _set_microversion_headers.
    private IEnumerable<KeyValuePair<string, string>> MicroversionHeaders(string? microversion)
    {
        if (microversion is null)
        {
            yield break;
        }
        var name = Service switch
        {
            _ when Service == ServiceType.BlockStorage => "volume",
            { Name: var share } when share.StartsWith("share", StringComparison.Ordinal) => "shared-file-system",
            _ => Service.Name,
        };
        yield return new("OpenStack-API-Version", $"{name} {microversion}");
        var older = name switch
        {
            "compute" => "X-OpenStack-Nova-API-Version",
            "baremetal" => "X-OpenStack-Ironic-API-Version",
            "shared-file-system" => "X-OpenStack-Manila-API-Version",
            _ => null,
        };
        if (older is not null)
        {
            yield return new(older, microversion);
        }
    }
}
