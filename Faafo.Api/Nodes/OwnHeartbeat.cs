using System.Data.Common;
using Faafo.Nodes;

namespace Faafo.Api.Nodes;

/// <summary>Sends this API's own heartbeat, so that it is in the list of nodes with its host's load average.</summary>
internal sealed partial class OwnHeartbeat(ApiOptions options, NodeRegistry registry, TimeProvider time, ILogger<OwnHeartbeat> log)
    : BackgroundService
{
    private readonly NodeReporter _reporter = new("api", options.AdvertiseUrl ?? options.Urls, time.GetUtcNow());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Heartbeat, time);
        do
        {
            await BeatAsync(NodeState.Ready, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await BeatAsync(NodeState.Left, cancellationToken);
    }

    private async Task BeatAsync(NodeState state, CancellationToken cancellationToken)
    {
        try
        {
            var report = _reporter.Create(options.Heartbeat) with { State = state };
            await registry.RecordAsync(options.NodeName, report, cancellationToken);
        }
        catch (DbException e)
        {
            HeartbeatFailed(log, e.Message);
        }
    }

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "Heartbeat failed: {Reason}")]
    private static partial void HeartbeatFailed(ILogger log, string reason);
}
