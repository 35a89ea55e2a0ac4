namespace Faafo.Worker;

/// <summary>
/// Whether this worker drains: it takes no new task, finishes those in flight, and exits. The API requests a drain and may cancel it;
/// a signal to the process starts one that is final.
/// </summary>
internal sealed class DrainState : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _requested = new();
    private bool _isFinal;

    /// <summary>Whether a drain is requested.</summary>
    public bool IsDraining => _requested.IsCancellationRequested;

    /// <summary>A token that is set when a drain is requested. A cancelled drain is followed by a new token.</summary>
    public CancellationToken Requested
    {
        get
        {
            lock (_lock)
            {
                return _requested.Token;
            }
        }
    }

    /// <summary>Requests a drain, or cancels one that is not final.</summary>
    public void Set(bool drain)
    {
        lock (_lock)
        {
            if (drain)
            {
                _requested.Cancel();
            }
            else if (_requested.IsCancellationRequested && !_isFinal)
            {
                _requested = new CancellationTokenSource();
            }
        }
    }

    /// <summary>Starts a drain that cannot be cancelled, because the process is stopping.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isFinal = true;
            _requested.Cancel();
        }
    }

    /// <summary>Releases the token.</summary>
    public void Dispose() => _requested.Dispose();
}
