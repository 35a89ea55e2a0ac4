using System.Net;

namespace Faafo.OpenStack;

/// <summary>The properties of a request, beyond HTTP, that the pipeline needs.</summary>
internal sealed record RequestContext(ServiceType Service)
{
    private static readonly HttpRequestOptionsKey<RequestContext> Key = new("Faafo.OpenStack.Call");

    /// <summary>Whether to send no token: for logins, version documents, signed webhooks.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Whether the request may be repeated although it is a POST.</summary>
    public bool Repeatable { get; init; }

    /// <summary>Whether the request may not be repeated once the service may have processed it, whatever its method.</summary>
    public bool Once { get; init; }

    /// <summary>Whether the caller streams the body; other bodies are read within the attempt, so that a lost one is retried.</summary>
    public bool Streamed { get; init; }

    /// <summary>Whether the body can be read only once.</summary>
    public bool ReadOnce { get; init; }

    /// <summary>A status that is not an error although it is not a success.</summary>
    public HttpStatusCode? AlsoExpected { get; init; }

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public static RequestContext Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var context)
            ? context
            : throw new InvalidOperationException("the request was not sent by a session");

    /// <summary>Checks whether the request can be sent again: a streamed body may already be consumed.</summary>
    public static bool CanReplay(HttpRequestMessage request) =>
        request.Content is UploadContent upload ? upload.CanReplay : !Of(request).ReadOnce;
}
