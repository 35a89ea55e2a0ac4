using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>Stops a local flock: the scaler of a state directory, and its instances.</summary>
internal sealed class LocalShutdown(string stateDir, LocalInstances instances, TimeProvider time)
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(40);       // above the workers' own drain deadline of 30 s
    private static readonly TimeSpan IdentifyTimeout = TimeSpan.FromSeconds(5);    // a scaler takes its lock before it writes its record
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Stops the running scaler, if there is one, and takes its lock.</summary>
    /// <exception cref="FailureException">It cannot be stopped from here, or does not stop.</exception>
    public async Task<StateDirectoryLock> StopScalerAsync(CancellationToken stop)
    {
        ProcessIdentity? signalled = null;
        StateDirectoryLock? taken = null;
        var started = time.GetTimestamp();
        await Poll.UntilAsync(() =>
        {
            taken = StateDirectoryLock.TryTake(stateDir);
            if (taken is null && signalled is null)
            {
                signalled = TrySignalHolder();
                if (signalled is null && time.GetElapsedTime(started) > IdentifyTimeout)
                {
                    throw new FailureException(
                        $"an unidentified process holds the lock {stateDir}/flock.lock: stop the scaler where it runs");
                }
            }
            return Task.FromResult(taken is not null);
        }, StopTimeout + StopTimeout, PollInterval, time, stop);
        return taken ?? throw new FailureException($"the scaler (process {signalled?.Id}) did not stop");
    }

    /// <summary>Stops every instance: workers first, so that they can still report their results to an API.</summary>
    /// <returns>Whether all have exited; those that have not are logged, and their records stay.</returns>
    public async Task<bool> StopAllAsync(RunLog runLog)
    {
        var isComplete = true;
        foreach (var group in (string[])[FlockSpec.Worker, FlockSpec.LoadBalancer, FlockSpec.Api])
        {
            var all = await instances.ListAsync(CancellationToken.None);
            var members = all.Where(instance => instance.Group == group).ToArray();
            if (members.Length > 0)
            {
                isComplete &= await StopAsync(members, runLog);
            }
        }
        foreach (var failure in await instances.DeleteUnrecordedAsync(CancellationToken.None))
        {
            runLog.Write(failure);
            isComplete = false;
        }
        return isComplete;
    }

    private async Task<bool> StopAsync(Instance[] members, RunLog runLog)
    {
        runLog.Write($"Stopping {string.Join(", ", members.Select(instance => instance.Name))}");
        foreach (var instance in members)
        {
            await instances.StopAsync(instance, CancellationToken.None);
        }
        var ids = members.Select(instance => instance.Id).ToHashSet();
        var haveExited = await Poll.UntilAsync(async () =>
        {
            var all = await instances.ListAsync(CancellationToken.None);
            return !all.Any(instance => ids.Contains(instance.Id) && instance.IsRunning);
        }, StopTimeout, PollInterval, time, CancellationToken.None);
        if (!haveExited)
        {
            runLog.Write($"Not all of them exited within {StopTimeout.TotalSeconds:0} s; killing the rest");
        }
        var deleted = await Task.WhenAll(members.Select(instance => TryDeleteAsync(instance, runLog)));
        return deleted.All(isDeleted => isDeleted);
    }

    private async Task<bool> TryDeleteAsync(Instance instance, RunLog runLog)
    {
        try
        {
            await instances.DeleteAsync(instance, CancellationToken.None);
            return true;
        }
        catch (ProviderException e)
        {
            runLog.Write(e.Message);
            return false;
        }
    }

    // The record beside the lock may be that of a killed scaler, whose process id another process has by now.
    private ProcessIdentity? TrySignalHolder()
    {
        var holder = StateDirectoryLock.Holder(stateDir);
        if (holder is { IsOfThisHost: false })
        {
            throw new FailureException($"the scaler that runs the flock in {stateDir} cannot be stopped from here: "
                + $"{holder.Description}; run 'faafo-scaler down' there");
        }
        if (holder is not { IsRunningHere: true })
        {
            return null;
        }
        Console.WriteLine($"Stopping the scaler (process {holder.Id})");
        ProcessSignal.Terminate(holder.Id);
        return holder;
    }
}
