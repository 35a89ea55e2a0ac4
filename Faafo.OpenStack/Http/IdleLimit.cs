namespace Faafo.OpenStack;

/// <summary>Ends what stands still: it runs while the service is waited for, and rests while our own side is at work.</summary>
internal sealed class IdleLimit(TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _source = new(timeout, time);
    private bool _disposed;

    public CancellationToken Token => _source.Token;

    public TimeSpan Timeout => timeout;

    /// <summary>Waits for the service, from now on.</summary>
    public void Run() => Set(timeout);

    /// <summary>Waits for nothing.</summary>
    public void Rest() => Set(System.Threading.Timeout.InfiniteTimeSpan);

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
            // A body may still be written after the answer has come and the attempt is over.
            if (!_disposed)
            {
                _source.CancelAfter(due);
            }
        }
    }
}
