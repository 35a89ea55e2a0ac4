namespace Faafo.OpenStack;

/// <summary>Asks again and again, at first after a second, later every ten, each time with a little jitter.</summary>
internal sealed class Poller(TimeProvider time, Random random, Action<string>? onWait = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Waits until <paramref name="done"/>. It throws itself when what it sees is a failed state, so that nobody waits for the impossible.
    /// </summary>
    /// <param name="what">The thing in words, for the message.</param>
    /// <param name="timeout">How long at most; at least one look is taken.</param>
    /// <param name="read">Looks.</param>
    /// <param name="done">Judges.</param>
    /// <param name="status">Names the state that was seen.</param>
    /// <param name="explain">Adds what may explain a wait in vain; may be <c>null</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> UntilAsync<T>(
        string what,
        TimeSpan timeout,
        Func<CancellationToken, Task<T>> read,
        Func<T, bool> done,
        Func<T, string> status,
        Func<CancellationToken, Task<string?>>? explain,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Min(pause * 1.5, LongestPause))
        {
            var seen = await read(cancellationToken).ConfigureAwait(false);
            if (done(seen))
            {
                return seen;
            }
            var waited = time.GetElapsedTime(started);
            if (waited >= timeout)
            {
                var why = explain is null ? null : await explain(cancellationToken).ConfigureAwait(false);
                throw new WaitTimeoutException(what, waited, status(seen), why);
            }
            onWait?.Invoke($"{what}: {status(seen)}");
            await PauseAsync(Min(pause, timeout - waited), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Repeats <paramref name="act"/> while it fails with what <paramref name="passing"/> says will pass.</summary>
    public async Task<T> RetryAsync<T>(
        TimeSpan timeout, Func<CancellationToken, Task<T>> act, Func<OpenStackApiException, bool> passing, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause / 4; ; pause = Min(pause * 1.5, LongestPause))
        {
            try
            {
                return await act(cancellationToken).ConfigureAwait(false);
            }
            catch (OpenStackApiException e) when (passing(e) && time.GetElapsedTime(started) < timeout)
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
