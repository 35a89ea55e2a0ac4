namespace Faafo.OpenStack;

/// <summary>Sends requests through a handler of the user, who also disposes it.</summary>
internal sealed class SharedTransport : HttpMessageHandler
{
    private readonly HttpMessageInvoker _invoker;

    /// <exception cref="ArgumentException">The handler follows redirects by itself.</exception>
    public SharedTransport(HttpMessageHandler transport)
    {
        var innermost = transport;
        while (innermost is DelegatingHandler { InnerHandler: { } inner })
        {
            innermost = inner;
        }
        // On a redirect these handlers send X-Auth-Token to any host.
        if (innermost is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true })
        {
            throw new ArgumentException(
                $"the transport {innermost.GetType().Name} follows redirects by itself, which would send the token to other hosts: "
                + "set its AllowAutoRedirect to false",
                nameof(transport));
        }
        _invoker = new HttpMessageInvoker(transport, disposeHandler: false);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _invoker.Dispose();
        base.Dispose(disposing);
    }
}
