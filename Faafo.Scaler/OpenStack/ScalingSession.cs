using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>Runs the control loop over a flock on a cloud until the stop, or until everything has joined.</summary>
/// <param name="flocks">The flock.</param>
/// <param name="instances">Its instances.</param>
/// <param name="endpoints">The URLs of its API; at least one.</param>
/// <param name="lease">The lease of the flock.</param>
/// <param name="log">The log for people.</param>
/// <param name="logs">Creates the loop's log.</param>
/// <param name="time">The clock.</param>
/// <param name="api">Its API.</param>
internal sealed class ScalingSession(FlockSpecMonitor flocks, OpenStackInstances instances,
    IReadOnlyList<Uri> endpoints, LeaderLease lease, RunLog log, ILoggerFactory logs, TimeProvider time, IFaafoApi api)
{
    private readonly FlockSpec _flock = flocks.Current;

    /// <summary>Scales, waits until everything has joined, and then prunes.</summary>
    /// <param name="once">Whether to end then.</param>
    /// <param name="pruner">Deletes what is no longer wanted; null to keep it.</param>
    /// <param name="stop">Ends it; the instances stay.</param>
    public async Task<int> RunAsync(bool once, Pruner? pruner, CancellationToken stop)
    {
        flocks.Validate = (changed, cancellationToken) => instances.FollowAsync(changed, flocks.PlaceOf, cancellationToken);
        var code = CommandLine.Done;
        log.Write($"Waiting for the API at {string.Join(" and ", endpoints)}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loop = new ControlLoop(flocks, instances, api, time, logs.CreateLogger<ControlLoop>());
        var scaling = loop.RunAsync(end.Token);
        try
        {
            if (await new JoinWaiter(_flock, instances, loop, log.Write, time).WaitAsync(scaling, givesUp: once, end.Token))
            {
                log.Write($"Everything has joined; the gallery is at {endpoints[0]}");
                if (pruner is not null)
                {
                    code = await PruneAsync(pruner, end.Token);
                }
            }
            else
            {
                code = CommandLine.Failed;
            }
            if (!once)
            {
                await scaling;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stop, or a lost lease.
        }
        finally
        {
            // However this ends, the lease may be given back only after the loop's last call.
            await end.CancelAsync();
            await scaling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await scaling;
        if (!lease.IsHeld)
        {
            throw lease.Loss();
        }
        if (once)
        {
            return code;
        }
        log.Write("The loop has ended; the instances stay: 'run' scales them again, 'down' deletes them");
        return CommandLine.Done;
    }

    private async Task<int> PruneAsync(Pruner pruner, CancellationToken stop)
    {
        try
        {
            await pruner.RemoveUnwantedAsync(instances, RollWorkersAsync, api, stop);
            await pruner.RemoveOldBundlesAsync(instances, stop);
            return CommandLine.Done;
        }
        catch (Exception e) when (e is FailureException or ProviderException or FaafoApiException or OpenStackException)
        {
            log.Write($"{e.Message}; what is no longer wanted stays until the next 'up'");
            return CommandLine.Failed;
        }
    }

    private async Task RollWorkersAsync(CancellationToken cancellationToken)
    {
        var access = new FlockAccess(instances, api, _flock.Workers.Policy.BootTimeout * 1.5);
        await new RollingReplacement(access, time, log.Write).RollAsync(FlockSpec.Worker, all: false, cancellationToken);
    }
}
