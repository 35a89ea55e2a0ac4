using Faafo.Fractals;

namespace Faafo.Scaler.Local;

/// <summary>Random fractals that show the flock at work, in the ranges of the original's <c>faafo create</c>.</summary>
internal sealed class Demo(FaafoClient api, int count, Random random)
{
    private const int BarWidth = 40;

    private static readonly TimeSpan Measurement = TimeSpan.FromSeconds(3);

    private readonly HashSet<Guid> _pending = [];

    /// <summary>How many were ordered.</summary>
    public int Count => count;

    /// <summary>How many are drawn.</summary>
    public int Done { get; private set; }

    /// <summary>How many failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether nothing more is to come.</summary>
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

    /// <summary>Orders them all.</summary>
    /// <exception cref="FaafoApiException">The API did not take one.</exception>
    public async Task SubmitAsync(CancellationToken cancellationToken)
    {
        var fractals = Enumerable.Range(0, count).Select(_ => RandomFractal()).ToArray();
        await Parallel.ForEachAsync(fractals, cancellationToken, async (fractal, stop) => await api.CreateAsync(fractal, stop));
        _pending.UnionWith(fractals.Select(f => f.Uuid));
    }

    /// <summary>
    /// Waits until the API's measurement, which is up to a second old, shows them all in the queue, so that the first decision is made on
    /// all of them: what is on its way from the database to the queue may be missed by a measurement. Workers of an earlier scaler may be quicker than the measurement: then there is nothing to wait for.
    /// </summary>
    public async Task WaitForMeasurementAsync(TimeProvider time, TimeSpan look, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await api.GetQueueAsync(cancellationToken) is var queue && !(queue.Ready + queue.InFlight >= count)
            && time.GetElapsedTime(started) < Measurement)
        {
            await Task.Delay(look, time, cancellationToken);
        }
    }

    /// <summary>Looks how far they are; returns whether anything has changed. An API that is away leaves it as it was.</summary>
    public async Task<bool> UpdateAsync(CancellationToken cancellationToken)
    {
        var before = _pending.Count;
        try
        {
            foreach (var uuid in _pending.ToArray())
            {
                var fractal = await api.FindAsync(uuid, cancellationToken);
                if (fractal is { IsFinished: false })
                {
                    continue;
                }
                _pending.Remove(uuid);
                (Done, Failed) = fractal?.Status == FractalStatus.Done ? (Done + 1, Failed) : (Done, Failed + 1);
            }
        }
        catch (FaafoApiException)
        {
            // The next look will tell.
        }
        return _pending.Count != before;
    }

    private NewFractal RandomFractal() => new(Guid.NewGuid(), random.Next(256, 1025), random.Next(256, 1025), random.Next(128, 513),
        Between(-4, -1), Between(1, 4), Between(-3, -0.5), Between(0.5, 3));

    private double Between(double least, double most) => least + random.NextDouble() * (most - least);
}
