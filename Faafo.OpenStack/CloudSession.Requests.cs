namespace Faafo.OpenStack;

public partial class CloudSession
{
    /// <summary>
    /// Sends a request that this library has no method for, to any service of the catalog, with the same authentication, retries and errors
    /// as all others. Dispose the response.
    /// </summary>
    /// <param name="request">The request; it may be sent several times if its content can be.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="EndpointNotFoundException">The catalog has no such service.</exception>
    /// <exception cref="OpenStackApiException">The service returned an error.</exception>
    public virtual async Task<HttpResponseMessage> SendAsync(ServiceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var endpoint = await GetEndpointAsync(request.Service, cancellationToken).ConfigureAwait(false);
        using var message = request.ToMessage(endpoint, Config.ServiceSettings(request.Service).DefaultMicroversion);
        try
        {
            return await SendAsync(message, request.Context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            message.Content = null; // The content belongs to the caller.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the connections and ends a login that is in progress.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _tokens?.Dispose();
            _http?.Dispose();
        }
    }

    // The user knows the client, which the session belongs to.
    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(OpenStackClient));
}
