using Faafo.Nodes;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>
/// The scaler's own heartbeat. A round ends with one; those sent here fill the time of a long round, since creating a hundred instances
/// takes minutes and a working scaler must not look silent.
/// </summary>
internal sealed partial class ScalerHeartbeat(FlockSpecMonitor flocks, IFaafoApi api, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    private readonly NodeReporter _reporter = new(ControlLoop.NodeName, Environment.MachineName, time.GetUtcNow());
    private volatile string? _decision;
    private volatile IReadOnlyList<string>? _warnings;

    /// <summary>The last decision, in words; nothing is sent before the first.</summary>
    public string? Decision
    {
        get => _decision;
        set => _decision = value;
    }

    /// <summary>What an operator has to look at; null for nothing.</summary>
    public IReadOnlyList<string>? Warnings
    {
        get => _warnings;
        set => _warnings = value;
    }

    /// <summary>Sends heartbeats until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Repeat.UntilStoppedAsync(SendAsync, e => NotSent(log, e.Message), () => flocks.Current.Interval, time, stop);

    /// <summary>Builds the heartbeat.</summary>
    public NodeReport Build(FlockSpec flock, string decision)
    {
        var interval = flock.Interval > ShortestInterval ? flock.Interval : ShortestInterval;
        return _reporter.Create(interval) with
        {
            Note = decision,
            Warnings = _warnings,
            Limits = [.. flock.Groups.Select(group => new GroupLimits(group.Name, group.Policy.Min, group.Policy.Max))],
        };
    }

    private async Task SendAsync(CancellationToken stop)
    {
        if (_decision is not { } decision)
        {
            return;
        }
        try
        {
            await api.PutNodeAsync(ControlLoop.NodeName, Build(flocks.Current, decision), stop);
        }
        catch (FaafoApiException)
        {
            // The round logs that the API is unreachable.
        }
    }

    [LoggerMessage(EventId = 3151, Level = LogLevel.Error, Message = "Heartbeat of the scaler failed: {Reason}")]
    private static partial void NotSent(ILogger log, string reason);
}
