namespace Faafo.Tests.Scaler.OpenStack.Repair;

/// <summary>
/// Kills a scaler at one of its changes: cancels everything right before or right after the request was handled, and sends nothing more.
/// </summary>
internal sealed class CutTransport(int at, bool after) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private readonly CancellationTokenSource _killed = new();
    private int _changes;

    /// <summary>Cancelled at the cut.</summary>
    public CancellationToken Killed => _killed.Token;

    /// <summary>The number of changes that were asked for.</summary>
    public int Changes => _changes;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isLogin = request.RequestUri!.AbsolutePath.EndsWith("/auth/tokens", StringComparison.Ordinal);
        var isChange = !isLogin && request.Method != HttpMethod.Get && request.Method != HttpMethod.Head;
        var isCut = isChange && Interlocked.Increment(ref _changes) == at;
        _killed.Token.ThrowIfCancellationRequested();
        if (isCut && !after)
        {
            await _killed.CancelAsync();
            _killed.Token.ThrowIfCancellationRequested();
        }
        var response = await base.SendAsync(request, CancellationToken.None);
        if (isCut)
        {
            await _killed.CancelAsync();
        }
        _killed.Token.ThrowIfCancellationRequested();
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        _killed.Dispose();
        base.Dispose(disposing);
    }
}
