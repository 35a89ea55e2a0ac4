using Faafo.Fractals;

namespace Faafo.Cli;

/// <summary>Waits until fractals are done, failed or deleted.</summary>
internal static class CompletionWaiter
{
    private const int Window = 4 * SharedOptions.Connections;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Asks for the oldest first, since they are drawn first. An API that is unavailable for a moment is asked again, and so is a proxy
    /// that has no route to it for a moment.
    /// </summary>
    /// <param name="progress">Told after each round how many are finished, failed ones (or deleted ones) among them.</param>
    /// <returns>The finished ones; what was deleted meanwhile is not among them.</returns>
    /// <exception cref="FaafoApiException">The API has been away for too long.</exception>
    public static async Task<IReadOnlyDictionary<Guid, Fractal>> WaitAsync(
        IFaafoApi api, IEnumerable<Guid> fractals, Action<int, int> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var pending = new Queue<Guid>(fractals);
        var total = pending.Count;
        var finished = new Dictionary<Guid, Fractal>();
        var done = 0;
        var heard = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, time);
        while (pending.Count > 0)
        {
            var before = pending.Count;
            var round = Enumerable.Range(0, Math.Min(Window, before)).Select(_ => pending.Dequeue()).ToArray();
            try
            {
                var seen = await Task.WhenAll(round.Select(uuid => api.FindAsync(uuid, cancellationToken)));
                heard = time.GetTimestamp();
                for (var i = 0; i < round.Length; i++)
                {
                    if (seen[i] is { IsFinished: false })
                    {
                        pending.Enqueue(round[i]);
                    }
                    else if (seen[i] is { } fractal)
                    {
                        finished.Add(fractal.Uuid, fractal);
                        done += fractal.Status == FractalStatus.Failed ? 0 : 1;
                    }
                }
            }
            catch (FaafoApiException e) when (!e.IsRefusal && time.GetElapsedTime(heard) < Timeout)
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
