using Faafo.Fractals;

namespace Faafo.Scaler.Local;

/// <summary>Random fractals that show the flock at work.</summary>
internal sealed class Demo(IFaafoApi api, int count, Random random)
{
    private const int BarWidth = 40;

    private static readonly TimeSpan MeasurementTimeout = TimeSpan.FromSeconds(3);

    private readonly HashSet<Guid> _pending = [];

    /// <summary>Fractals submitted.</summary>
    public int Count => count;

    /// <summary>Fractals rendered.</summary>
    public int Done { get; private set; }

    /// <summary>Fractals that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether all are rendered or failed.</summary>
    public bool IsOver => Done + Failed == count;

    /// <summary>The progress as a bar.</summary>
    public string ProgressBar
    {
        get
        {
            var full = BarWidth * (Done + Failed) / count;
            var failed = Failed > 0 ? $", {Failed} failed" : "";
            return $"[{new string('#', full)}{new string('-', BarWidth - full)}] {Done} of {count} fractals rendered{failed}";
        }
    }

    /// <summary>Submits all.</summary>
    /// <exception cref="FaafoApiException">The API rejected one, or did not respond.</exception>
    public async Task SubmitAsync(CancellationToken cancellationToken)
    {
        var fractals = Enumerable.Range(0, count).Select(_ => FractalRanges.Draw(random)).ToArray();
        await Parallel.ForEachAsync(fractals, cancellationToken, async (fractal, stop) => await api.CreateAsync(fractal, stop));
        _pending.UnionWith(fractals.Select(fractal => fractal.Uuid));
    }

    /// <summary>
    /// Waits until the API's measurement, which is up to a second old, shows them all in the queue, so that the first decision is made on
    /// all of them: a measurement may miss what is on its way from the database to the queue. Workers of an earlier scaler may be faster
    /// than the measurement, which ends the wait by its timeout.
    /// </summary>
    public Task WaitForMeasurementAsync(TimeProvider time, TimeSpan interval, CancellationToken cancellationToken) =>
        Control.Poll.UntilAsync(async () =>
        {
            var queue = await api.GetQueueAsync(cancellationToken);
            return queue.Ready + queue.InFlight >= count;
        }, MeasurementTimeout, interval, time, cancellationToken);

    /// <summary>Updates the progress; an unreachable API leaves it as it was.</summary>
    /// <returns>Whether it has changed.</returns>
    public async Task<bool> UpdateAsync(CancellationToken cancellationToken)
    {
        var before = _pending.Count;
        try
        {
            foreach (var uuid in _pending.ToArray())
            {
                await UpdateAsync(uuid, cancellationToken);
            }
        }
        catch (FaafoApiException)
        {
            // The next update asks again.
        }
        return _pending.Count != before;
    }

    private async Task UpdateAsync(Guid uuid, CancellationToken cancellationToken)
    {
        var fractal = await api.FindAsync(uuid, cancellationToken);
        if (fractal is { IsFinished: false })
        {
            return;
        }
        _pending.Remove(uuid);
        if (fractal?.Status == FractalStatus.Done)
        {
            Done++;
        }
        else
        {
            Failed++;
        }
    }
}
