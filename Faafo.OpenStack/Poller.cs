using Microsoft.Extensions.Logging;

namespace Faafo.OpenStack;

/// <summary>Polls a resource: first after a second, later every ten seconds, with jitter.</summary>
internal sealed class Poller(TimeProvider time, Random random, ILogger logger, Action<string>? onWait = null)
{
    private const double Growth = 1.5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetryPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Reads a resource until it is in a final state. <paramref name="isFinal"/> should accept failed states too, so that the wait ends at
    /// once.
    /// </summary>
    /// <param name="what">The resource, for messages.</param>
    /// <param name="timeout">The time limit; the resource is read at least once.</param>
    /// <param name="read">Reads the resource.</param>
    /// <param name="isFinal">Decides whether the wait is over.</param>
    /// <param name="status">Returns the status, for messages.</param>
    /// <param name="explain">Returns an explanation for a timeout; may be <c>null</c>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="WaitTimeoutException">The time limit elapsed.</exception>
    public async Task<T> UntilAsync<T>(
        string what,
        TimeSpan timeout,
        Func<CancellationToken, Task<T>> read,
        Func<T, bool> isFinal,
        Func<T, string> status,
        Func<CancellationToken, Task<string?>>? explain,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Min(pause * Growth, LongestPause))
        {
            var seen = await read(cancellationToken).ConfigureAwait(false);
            var waited = time.GetElapsedTime(started);
            if (isFinal(seen))
            {
                var final = status(seen);
                ClientLog.Waited(logger, what, waited, final);
                return seen;
            }
            if (waited >= timeout)
            {
                var why = explain is null ? null : await explain(cancellationToken).ConfigureAwait(false);
                throw new WaitTimeoutException(what, waited, status(seen), why);
            }
            var current = status(seen);
            ClientLog.Waiting(logger, what, waited, current);
            onWait?.Invoke($"{what}: {current}");
            await PauseAsync(Min(pause, timeout - waited), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Repeats <paramref name="act"/> while it fails with an error that <paramref name="isTransient"/> accepts.</summary>
    public async Task<T> RetryAsync<T>(
        TimeSpan timeout,
        Func<CancellationToken, Task<T>> act,
        Func<OpenStackApiException, bool> isTransient,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstRetryPause; ; pause = Min(pause * Growth, LongestPause))
        {
            try
            {
                return await act(cancellationToken).ConfigureAwait(false);
            }
            catch (OpenStackApiException e) when (isTransient(e) && time.GetElapsedTime(started) < timeout)
            {
                await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        double jitter;
        lock (random)
        {
            jitter = 0.8 + (0.4 * random.NextDouble());
        }
        return Task.Delay(pause * jitter, time, cancellationToken);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
