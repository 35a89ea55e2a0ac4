using System.Runtime.InteropServices;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>The whole flock on this host.</summary>
/// <param name="options">The options of the command line.</param>
/// <param name="runLog">Receives a line for each step.</param>
/// <param name="logs">Creates the loop's log.</param>
/// <param name="time">The clock.</param>
internal sealed class LocalDeployment(ScalerOptions options, RunLog runLog, ILoggerFactory logs, TimeProvider time) : IDeployment
{
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly IFaafoApi _api = FlockAccess.Connect(options.Endpoint);

    /// <summary>Prints what <c>up</c> and <c>roll</c> would change.</summary>
    public async Task<int> PlanAsync(CancellationToken cancellationToken)
    {
        await using var access = await OpenAsync(cancellationToken);
        return await LocalPlan.PrintAsync(options.ReadFlock(), access.Instances, cancellationToken);
    }

    /// <summary>
    /// Starts or adopts what flock.yaml describes and scales it until Ctrl-C or until the demo is rendered; then stops all of it.
    /// </summary>
    public async Task<int> UpAsync(UpOptions how, CancellationToken stop)
    {
        using var session = await LocalSession.OpenAsync(options, runLog, logs, time, stop);
        Demo? demo = null;
        var haveStopped = false;
        try
        {
            await new LocalStartup(session, options, _api, runLog, time).StartAsync(stop);
            if (how.Demo is { } count)
            {
                demo = new Demo(_api, count, new Random());
                await demo.SubmitAsync(stop);
                runLog.Write($"{count} random fractals submitted");
                await demo.WaitForMeasurementAsync(time, PollInterval, stop);
            }
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var supervising = SuperviseAsync(session, end.Token);
            try
            {
                await new LocalScreen(Loop(session), demo, runLog, options.Endpoint, time).ShowAsync(how.ExitWhenDone, stop);
            }
            finally
            {
                await end.CancelAsync();
                await supervising;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C while it was still starting.
        }
        finally
        {
            // A second Ctrl-C does not wait for drains.
            using var again = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => session.Instances.KillAll());
            haveStopped = await Shutdown(session.Instances).StopAllAsync(runLog);
        }
        return haveStopped ? Finish(demo, how.ExitWhenDone) : CommandLine.Failed;
    }

    /// <summary>Runs the control loop over the instances that exist, and leaves them running.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var session = await LocalSession.OpenAsync(options, runLog, logs, time, stop);
        await Task.WhenAll(Loop(session).RunAsync(stop), SuperviseAsync(session, stop));
        runLog.Write("The loop has stopped; the instances keep running");
        return CommandLine.Done;
    }

    /// <summary>Stops the scaler of this state directory, if one runs, and every instance. The data stay.</summary>
    public async Task<int> DownAsync(bool images, CancellationToken stop)
    {
        var shutdown = Shutdown(new LocalInstances(new LocalSettings(options.StateDir, options.Endpoint, new FlockSpec()), time));
        using var held = await shutdown.StopScalerAsync(stop);
        if (!await shutdown.StopAllAsync(runLog))
        {
            runLog.Write("Not everything has stopped; fix the errors above and run 'down' again");
            return CommandLine.Failed;
        }
        runLog.Write($"Everything has stopped; the data stay in {options.StateDir}");
        return CommandLine.Done;
    }

    /// <summary>Opens the running flock for a command.</summary>
    public async Task<FlockAccess> OpenAsync(CancellationToken cancellationToken)
    {
        var endpoint = options.EndpointOverride ?? options.Endpoint;
        var instances = new LocalInstances(new LocalSettings(options.StateDir, endpoint, options.ReadFlock()), time);
        if (options.EndpointOverride is { } named)
        {
            await EndpointCheck.RequireAsync(named, instances.Records.FindEndpoint(), $"in {options.StateDir}",
                await instances.ListAsync(cancellationToken), cancellationToken);
        }
        return new FlockAccess(instances, FlockAccess.Connect(endpoint), ChangeTimeout)
        {
            Spec = options.NamedFlock,
            CanReplaceApis = options.Balanced,
        };
    }

    private ControlLoop Loop(LocalSession session) =>
        new(session.Flocks, session.Instances, _api, time, logs.CreateLogger<ControlLoop>());

    private Task SuperviseAsync(LocalSession session, CancellationToken stop) => Task.WhenAll(
        new HAProxySupervisor(session.Instances, _api, time, logs.CreateLogger<HAProxySupervisor>()).RunAsync(stop),
        new LogLimiter(session.Instances, time, logs.CreateLogger<LogLimiter>()).RunAsync(stop));

    private LocalShutdown Shutdown(LocalInstances instances) => new(options.StateDir, instances, time);

    private static int Finish(Demo? demo, bool exitWhenDone)
    {
        if (demo is null)
        {
            return CommandLine.Done;
        }
        if (exitWhenDone)
        {
            Console.WriteLine($"{demo.Done} of {demo.Count} fractals rendered");
            return demo.Done == demo.Count ? CommandLine.Done : CommandLine.Failed;
        }
        return demo is { IsOver: true, Failed: > 0 } ? CommandLine.Failed : CommandLine.Done;
    }
}
