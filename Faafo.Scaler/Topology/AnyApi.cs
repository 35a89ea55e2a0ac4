namespace Faafo.Scaler.Topology;

/// <summary>
/// Sends requests to one of several APIs that all tell the same: to the one that answered last, and if it does not, to the next. Without
/// it a scaler would be blind when the first API dies, and could not even replace that.
/// </summary>
internal sealed class AnyApi(IReadOnlyList<Uri> endpoints, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private int _current;

    /// <summary>A client of them.</summary>
    /// <param name="endpoints">Where they are; at least one.</param>
    public static FaafoClient Connect(IReadOnlyList<Uri> endpoints) => endpoints.Count == 1 ? FaafoClient.Connect(endpoints[0], timeout: TimeSpan.FromSeconds(10))
        : new FaafoClient(new HttpClient(new AnyApi(endpoints, new SocketsHttpHandler { UseProxy = false }))
        {
            BaseAddress = endpoints[0],
            Timeout = Patience * (endpoints.Count + 1),
        });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        for (var tries = 1; ; tries++)
        {
            var tried = Volatile.Read(ref _current);
            request.RequestUri = new Uri(endpoints[tried], path);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                return await base.SendAsync(request, patience.Token);
            }
            catch (Exception e) when (tries < endpoints.Count && !cancellationToken.IsCancellationRequested && (e is HttpRequestException or OperationCanceledException))
            {
                // Of several requests at a time that fail, one moves on for all.
                Interlocked.CompareExchange(ref _current, (tried + 1) % endpoints.Count, tried);
            }
        }
    }
}
