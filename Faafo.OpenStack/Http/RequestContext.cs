using System.Net;

namespace Faafo.OpenStack;

/// <summary>What the pipeline must know about a request beyond HTTP.</summary>
internal sealed record RequestContext(ServiceType Service)
{
    private static readonly HttpRequestOptionsKey<RequestContext> Key = new("Faafo.OpenStack.Call");

    /// <summary>Send no token: logins, version documents, signed webhooks.</summary>
    public bool Anonymous { get; init; }

    /// <summary>May be repeated although it is a POST.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The caller reads the body as it comes; all other bodies are read within the attempt, so that a broken one is retried.</summary>
    public bool Streamed { get; init; }

    /// <summary>A status that is no success but no error either.</summary>
    public HttpStatusCode? AlsoExpected { get; init; }

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public static RequestContext Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : throw new InvalidOperationException("The request did not come from a session.");

    /// <summary>Whether the request can be sent once more: a body that is produced on the way may be gone.</summary>
    public static bool CanReplay(HttpRequestMessage request) => request.Content is not UploadContent upload || upload.CanReplay;
}
