using System.Runtime.InteropServices;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Spectre.Console;

namespace Faafo.Scaler.Local;

/// <summary>The whole flock on this host: <c>up</c>, <c>run</c> and <c>down</c>.</summary>
internal sealed partial class LocalDeployment(ScalerOptions options, TimeProvider time)
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(40);       // above the workers' own drain deadline of 30 s
    private static readonly TimeSpan IdentifyTimeout = TimeSpan.FromSeconds(5);    // how long a scaler may take between its lock and its record
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly FaafoClient _api = FaafoClient.Connect(options.Endpoint, timeout: TimeSpan.FromSeconds(10));

    /// <summary>
    /// Starts or adopts what flock.yaml wants, and scales it until Ctrl-C (or until the demo is over), then stops all of it.
    /// </summary>
    public async Task<int> UpAsync(int? demoCount, bool exitWhenDone, CancellationToken stop)
    {
        using var held = StateDirectoryLock.Take(options.StateDir);
        using var journal = new RunLog(options.StateDir, Console.Out, time);
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(journal));
        var flocks = new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud, options.Balanced);
        var cloud = new LocalInstances(new LocalSettings(options.StateDir, options.Endpoint, flocks.Current), time);
        CheckPort();
        CheckBalancing(flocks.Current);
        await AdoptAsync(cloud, journal, stop);
        Demo? demo = null;
        try
        {
            await StartApiAsync(cloud, flocks.Current, journal, stop);
            if (flocks.Current.Balancing == Balancing.HAProxy)
            {
                await StartBalancerAsync(cloud, flocks.Current, journal, stop);
            }
            journal.Write($"The gallery is at {options.Endpoint}");
            foreach (var order in (await _api.GetGroupsAsync(stop)).Where(o => o.Paused || o.Size is not null))
            {
                journal.Write($"{order.Group} is {(order.Paused ? "paused" : $"held at {order.Size}")} by an earlier order: "
                    + (order.Paused ? $"'faafo-scaler resume {order.Group}'" : $"'faafo-scaler scale {order.Group} auto'") + " ends that");
            }
            if (demoCount is { } count)
            {
                demo = new Demo(_api, count, new Random());
                await demo.SubmitAsync(stop);
                journal.Write($"{count} random fractals are ordered");
                await demo.WaitForMeasurementAsync(time, PollInterval, stop);
            }
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var balancing = new HAProxySupervisor(cloud, _api, time, logs.CreateLogger<HAProxySupervisor>()).RunAsync(end.Token);
            await ScaleAsync(new ControlLoop(flocks, cloud, _api, time, logs.CreateLogger<ControlLoop>()), demo, exitWhenDone, journal, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C while it was still starting.
        }
        finally
        {
            // Whoever presses Ctrl-C again will not wait for anybody.
            using var again = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => cloud.KillAll());
            await StopAllAsync(cloud, journal);
        }
        if (exitWhenDone && demo is not null)
        {
            Console.WriteLine($"{demo.Done} of {demo.Count} fractals rendered");
            return demo.Done == demo.Count ? CommandLine.Done : CommandLine.Failed;
        }
        return demo is { IsOver: true, Failed: > 0 } ? CommandLine.Failed : CommandLine.Done;
    }

    /// <summary>Only the control loop, over what is there; it leaves everything running when it is told to stop.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var held = StateDirectoryLock.Take(options.StateDir);
        using var journal = new RunLog(options.StateDir, Console.Out, time);
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(journal));
        var flocks = new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud, options.Balanced);
        var cloud = new LocalInstances(new LocalSettings(options.StateDir, options.Endpoint, flocks.Current), time);
        CheckPort();
        CheckBalancing(flocks.Current);
        await AdoptAsync(cloud, journal, stop);
        await Task.WhenAll(new ControlLoop(flocks, cloud, _api, time, logs.CreateLogger<ControlLoop>()).RunAsync(stop),
            new HAProxySupervisor(cloud, _api, time, logs.CreateLogger<HAProxySupervisor>()).RunAsync(stop));
        journal.Write("The loop ends; the instances stay");
        return CommandLine.Done;
    }

    /// <summary>Stops the scaler of this state directory, if one runs, and every instance. The data stay.</summary>
    public async Task<int> DownAsync(CancellationToken stop)
    {
        var cloud = new LocalInstances(new LocalSettings(options.StateDir, options.Endpoint, new FlockSpec()), time);
        using var held = await StopScalerAsync(stop);
        using var journal = new RunLog(options.StateDir, Console.Out, time);
        await StopAllAsync(cloud, journal);
        journal.Write($"Nothing runs any more; the data stay in {options.StateDir}");
        return CommandLine.Done;
    }

    // The record beside the lock may be that of a killed scaler, whose number another process has by now.
    private async Task<StateDirectoryLock> StopScalerAsync(CancellationToken stop)
    {
        ProcessIdentity? told = null;
        StateDirectoryLock? taken = null;
        var started = time.GetTimestamp();
        await WaitAsync(() =>
        {
            taken = StateDirectoryLock.TryTake(options.StateDir);
            var holder = taken is null && told is null ? StateDirectoryLock.Holder(options.StateDir) : null;
            if (holder is { IsOfThisHost: false })
            {
                throw new FailureException($"a scaler that cannot be stopped from here runs the flock in {options.StateDir}: process {holder.Id} on "
                    + $"{holder.Host}{(holder.Host == Environment.MachineName ? ", in another container or PID namespace" : "")}; run 'faafo-scaler down' there");
            }
            if (holder is { IsRunningHere: true })
            {
                Console.WriteLine($"Stopping the scaler (process {holder.Id})");
                LocalInstances.Terminate(holder.Id);
                told = holder;
            }
            if (taken is null && told is null && time.GetElapsedTime(started) > IdentifyTimeout)
            {
                throw new FailureException($"a process that cannot be identified holds the lock {options.StateDir}/flock.lock: stop the scaler where it runs");
            }
            return Task.FromResult(taken is not null);
        }, StopTimeout + StopTimeout, () => $"the scaler (process {told?.Id}) did not stop", stop);
        return taken!;
    }

    private async Task ScaleAsync(ControlLoop loop, Demo? demo, bool exitWhenDone, RunLog journal, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var scaling = loop.RunAsync(end.Token);
        var live = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        journal.IsOnScreen = live;
        try
        {
            if (live)
            {
                await AnsiConsole.Live(new Text("")).StartAsync(context => WatchAsync(() =>
                    context.UpdateTarget(FlockView.Live(loop.Latest, demo, journal, options.Endpoint))));
            }
            else
            {
                await WatchAsync(() => { });
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C.
        }
        finally
        {
            journal.IsOnScreen = false;
        }
        await end.CancelAsync();
        await scaling;

        async Task WatchAsync(Action draw)
        {
            while (!(exitWhenDone && demo is { IsOver: true }))
            {
                if (scaling.IsCompleted)
                {
                    await scaling;      // throws what ended it
                }
                if (demo is { IsOver: false } && await demo.UpdateAsync(stop) && !live)
                {
                    journal.Write(FlockView.Progress(demo));
                }
                draw();
                await Task.Delay(PollInterval, time, stop);
            }
            draw();
        }
    }

    // Workers first, so that their results still find an API.
    private async Task StopAllAsync(LocalInstances cloud, RunLog journal)
    {
        foreach (var group in (string[])[FlockSpec.Worker, FlockSpec.LoadBalancer, FlockSpec.Api])
        {
            var instances = (await cloud.ListAsync(CancellationToken.None)).Where(i => i.Group == group).ToArray();
            if (instances.Length == 0)
            {
                continue;
            }
            journal.Write($"Stopping {string.Join(", ", instances.Select(i => i.Name))}");
            foreach (var instance in instances)
            {
                await cloud.StopAsync(instance, CancellationToken.None);
            }
            var ids = instances.Select(i => i.Id).ToHashSet();
            try
            {
                await WaitAsync(async () => !(await cloud.ListAsync(CancellationToken.None)).Any(i => ids.Contains(i.Id) && i.IsRunning),
                    StopTimeout, () => "", CancellationToken.None);
            }
            catch (FailureException)
            {
                journal.Write($"Not all of them left within {StopTimeout.TotalSeconds:0} s; the rest is killed");
            }
            foreach (var instance in instances)
            {
                await cloud.DeleteAsync(instance, CancellationToken.None);
            }
        }
    }

    private async Task WaitAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> failure, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > within)
            {
                throw new FailureException(failure());
            }
            await Task.Delay(PollInterval, time, stop);
        }
    }
}
