namespace Faafo.OpenStack;

/// <summary>Cancels a stalled transfer: the timer runs while the service is waited for and pauses while our own side works.</summary>
internal sealed class IdleLimit(TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _source = new(timeout, time);
    private bool _disposed;

    public CancellationToken Token => _source.Token;

    public TimeSpan Timeout => timeout;

    /// <summary>Starts the timer: the service is waited for.</summary>
    public void Run() => Set(timeout);

    /// <summary>Pauses the timer: our own side works.</summary>
    public void Pause() => Set(System.Threading.Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _source.Dispose();
        }
    }

    private void Set(TimeSpan due)
    {
        lock (_lock)
        {
            // A body may still be written after the response arrived and the attempt ended.
            if (!_disposed)
            {
                _source.CancelAfter(due);
            }
        }
    }
}
