using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>A state directory that this scaler holds: the lock, the flock that it follows, and its instances.</summary>
internal sealed class LocalSession : IDisposable
{
    private readonly StateDirectoryLock _lock;

    private LocalSession(StateDirectoryLock held, FlockSpecMonitor flocks, LocalInstances instances)
    {
        _lock = held;
        Flocks = flocks;
        Instances = instances;
    }

    /// <summary>The flock that is followed.</summary>
    public FlockSpecMonitor Flocks { get; }

    /// <summary>The flock's instances.</summary>
    public LocalInstances Instances { get; }

    /// <summary>Takes the lock, checks the host, and adopts the instances that an earlier scaler left running.</summary>
    /// <exception cref="Faafo.Options.FailureException">Another scaler has the lock, or the host lacks something.</exception>
    public static async Task<LocalSession> OpenAsync(
        ScalerOptions options, RunLog runLog, ILoggerFactory logs, TimeProvider time, CancellationToken stop)
    {
        var held = StateDirectoryLock.Take(options.StateDir);
        try
        {
            var flocks = new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud, options.Balanced);
            var settings = new LocalSettings(options.StateDir, options.Endpoint, flocks.Current);
            HostCheck.RequirePort(settings);
            HostCheck.RequireBalancer(settings);
            var instances = new LocalInstances(settings, time);
            await AdoptAsync(instances, runLog, stop);
            return new LocalSession(held, flocks, instances);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Returns the lock.</summary>
    public void Dispose() => _lock.Dispose();

    // Running instances continue under this scaler; records of exited ones are removed. So are those of a container that had the state
    // directory before, since its processes end with it; should they still run, the log names them.
    private static async Task AdoptAsync(LocalInstances instances, RunLog runLog, CancellationToken stop)
    {
        foreach (var failure in await instances.DeleteUnrecordedAsync(stop))
        {
            runLog.Write(failure);
        }
        foreach (var instance in await instances.ListAsync(stop))
        {
            if (instance.IsRunning)
            {
                runLog.Write($"Adopting {instance.Name}, which an earlier scaler left running");
            }
            else if (PidFile.Read(instances.Records.FolderOf(instance.Name)) is { IsElsewhere: true } process)
            {
                runLog.Write($"Forgetting {instance.Name}, which was started elsewhere ({process.Description})");
                instances.Records.Delete(instance.Name);
            }
            else
            {
                await instances.DeleteAsync(instance, stop);
            }
        }
    }
}
