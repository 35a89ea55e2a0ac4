using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>Starts the instances that the control loop needs before it begins: one API and, where the flock wants it, HAProxy.</summary>
internal sealed class LocalStartup(LocalSession session, ScalerOptions options, IFaafoApi api, RunLog runLog, TimeProvider time)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PidGrace = TimeSpan.FromSeconds(1);        // a process may take this long to write its pid

    private readonly LocalInstances _instances = session.Instances;

    /// <summary>Starts what does not run yet and waits until it responds.</summary>
    /// <exception cref="FailureException">It exits, or does not respond in time.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        await StartApiAsync(stop);
        if (session.Flocks.Current.Balancing == Balancing.HAProxy)
        {
            await StartBalancerAsync(stop);
        }
        runLog.Write($"The gallery is at {options.Endpoint}");
        await ReportOverridesAsync(stop);
    }

    private async Task StartApiAsync(CancellationToken stop)
    {
        var instances = await _instances.ListAsync(stop);
        var first = instances.FirstOrDefault(instance => instance.Group == FlockSpec.Api);
        if (first is null)
        {
            runLog.Write($"Starting the API on {options.Endpoint}; state is kept in {options.StateDir}");
            first = await _instances.CreateAsync(session.Flocks.Current.Apis, InstanceName.Of(FlockSpec.Api, 1), stop);
        }
        // Behind HAProxy, the API listens on a port of its own.
        var direct = FlockAccess.Connect(_instances.Records.Find(first.Name)?.Own ?? options.Endpoint);
        var isReady = await WaitAsync(async () => await direct.IsReadyAsync(stop) || await RequireRunningAsync(first, stop), stop);
        if (!isReady)
        {
            throw new FailureException($"the API is not ready after {StartTimeout.TotalSeconds:0} s; {LogTail(first.Name)}");
        }
    }

    // Always false: the API runs, but is not ready yet.
    private async Task<bool> RequireRunningAsync(Instance instance, CancellationToken stop)
    {
        if (time.GetUtcNow() - instance.CreatedAt <= PidGrace)
        {
            return false;
        }
        var instances = await _instances.ListAsync(stop);
        if (!instances.Any(one => one.Id == instance.Id && one.IsRunning))
        {
            throw new FailureException($"the API has exited; {LogTail(instance.Name)}");
        }
        return false;
    }

    private async Task StartBalancerAsync(CancellationToken stop)
    {
        var name = InstanceName.Of(FlockSpec.LoadBalancer, 1);
        if (RunningBalancer.Find(_instances.Records) is null)
        {
            await CreateBalancerAsync(name, stop);
        }
        if (!await WaitAsync(() => api.IsReadyAsync(stop), stop))
        {
            throw new FailureException($"HAProxy does not respond after {StartTimeout.TotalSeconds:0} s; {LogTail(name)}");
        }
        runLog.Write($"HAProxy's statistics are at {RunningBalancer.Find(_instances.Records)?.Statistics}");
    }

    // HAProxy's configuration names the APIs, and an API reports its address with its first heartbeat.
    private async Task CreateBalancerAsync(string name, CancellationToken stop)
    {
        ProviderException? last = null;
        var isCreated = await WaitAsync(async () =>
        {
            try
            {
                await _instances.CreateAsync(session.Flocks.Current.Balancers, name, stop);
                return true;
            }
            catch (ProviderException e)
            {
                last = e;
                return false;
            }
        }, stop);
        if (!isCreated)
        {
            throw new FailureException(last!.Message, last);
        }
    }

    private async Task ReportOverridesAsync(CancellationToken stop)
    {
        foreach (var overrides in await api.GetGroupsAsync(stop))
        {
            if (overrides.Paused)
            {
                runLog.Write($"{overrides.Group} is still paused; 'faafo-scaler resume {overrides.Group}' ends that");
            }
            else if (overrides.Size is { } size)
            {
                runLog.Write($"{overrides.Group} is still set to {size}; 'faafo-scaler scale {overrides.Group} auto' ends that");
            }
        }
    }

    private Task<bool> WaitAsync(Func<Task<bool>> condition, CancellationToken stop) =>
        Poll.UntilAsync(condition, StartTimeout, PollInterval, time, stop);

    private string LogTail(string name) =>
        _instances.Records.Logs.ReadTail(name) is { } tail ? $"the end of its log:\n{tail}" : "it has written no log";
}
