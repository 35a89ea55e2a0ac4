using Faafo.Fractals;

namespace Faafo.Cli;

/// <summary>Waits until fractals are done, failed or deleted.</summary>
internal static class CompletionWaiter
{
    private const int Window = 4 * SharedOptions.Connections;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Polls the oldest fractals first, since they are rendered first. An API that is unavailable, or a proxy without a route to it, is
    /// tolerated for 30 seconds.
    /// </summary>
    /// <param name="progress">
    /// Called after each round with the number of finished fractals, and of those among them that failed or were deleted.
    /// </param>
    /// <returns>The finished fractals, without those that were deleted.</returns>
    /// <exception cref="FaafoApiException">The API was unavailable for too long.</exception>
    public static async Task<IReadOnlyDictionary<Guid, Fractal>> WaitAsync(
        IFaafoApi api, IEnumerable<Guid> fractals, Action<int, int> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var pending = new Queue<Guid>(fractals);
        var total = pending.Count;
        var finished = new Dictionary<Guid, Fractal>();
        var done = 0;
        var lastResponse = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (pending.Count > 0)
        {
            var before = pending.Count;
            var round = Enumerable.Range(0, Math.Min(Window, before)).Select(_ => pending.Dequeue()).ToArray();
            try
            {
                var found = await Task.WhenAll(round.Select(uuid => api.FindAsync(uuid, cancellationToken)));
                lastResponse = time.GetTimestamp();
                for (var i = 0; i < round.Length; i++)
                {
                    if (found[i] is { IsFinished: false })
                    {
                        pending.Enqueue(round[i]);
                    }
                    else if (found[i] is { } fractal)
                    {
                        finished.Add(fractal.Uuid, fractal);
                        done += fractal.Status == FractalStatus.Failed ? 0 : 1;
                    }
                }
            }
            catch (FaafoApiException e) when (!e.IsRefusal && time.GetElapsedTime(lastResponse) < Timeout)
            {
                Array.ForEach(round, pending.Enqueue);
            }
            progress(total - pending.Count, total - pending.Count - done);
            if (pending.Count == before)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        return finished;
    }
}
