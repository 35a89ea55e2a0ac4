using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>The programs of a flock in a simulated world: each call starts one, as an operator or an init system would.</summary>
internal sealed class SimulatedFlock : IDisposable
{
    /// <summary>The longest time that a lease of a killed scaler, and what it set in motion, takes to end.</summary>
    public static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan ApiTimeout = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-crash-").FullName;

    /// <summary>Writes the files of a flock.</summary>
    /// <param name="more">Lines of flock.yaml.</param>
    public SimulatedFlock(string more)
    {
        File.WriteAllText(Path.Combine(_folder, "key.pub"), "ssh-ed25519 AAAA operator\n");
        File.WriteAllText(Path.Combine(_folder, "bundle.tar.gz"), "the programs");
        File.WriteAllText(Path.Combine(_folder, "flock.yaml"), $$"""
            cloud: fake
            image: debian
            interval: 5s
            public_key_file: {{Path.Combine(_folder, "key.pub")}}
            {{more}}
            """);
        Spec = new FlockFile(Path.Combine(_folder, "flock.yaml"), null, false).Read();
    }

    /// <summary>The flock as its file describes it.</summary>
    public FlockSpec Spec { get; }

    /// <summary>The output of the last program.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Runs <c>up</c> until everything has joined; true when it succeeds, null when it is killed.</summary>
    public Task<bool?> UpAsync(SimulatedWorld world, SimulatedProgram program) => RunAsync(world, program, deployment =>
        deployment.UpAsync(new UpOptions(BundleFile: Path.Combine(_folder, "bundle.tar.gz"), Once: true), CancellationToken.None));

    /// <summary>Runs <c>run</c> for some time.</summary>
    public Task<bool?> RunAsync(SimulatedWorld world, SimulatedProgram program, TimeSpan duration) =>
        RunAsync(world, program, async deployment =>
        {
            using var stop = new CancellationTokenSource(duration, program);
            return await deployment.RunAsync(stop.Token);
        });

    /// <summary>Runs <c>down</c>.</summary>
    public Task<bool?> DownAsync(SimulatedWorld world, SimulatedProgram program) =>
        RunAsync(world, program, deployment => deployment.DownAsync(images: true, CancellationToken.None));

    /// <summary>Runs <c>roll worker --all</c> beside a running scaler.</summary>
    /// <param name="world">The world.</param>
    /// <param name="program">The command.</param>
    /// <param name="scaler">The scaler, which is stopped when the command ends.</param>
    public Task<bool?> RollAsync(SimulatedWorld world, SimulatedProgram program, SimulatedProgram scaler) =>
        RunAsync(world, program, async _ =>
        {
            using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, program);
            using var log = new RunLog(_folder, TextWriter.Null, scaler);
            var running = Deployment(world, scaler, log).RunAsync(stop.Token);
            await using var cloud = Connect(world, program);
            var names = await ResourceNames.OfAsync(cloud, Spec.Name, CancellationToken.None);
            var access = new FlockAccess(
                new OpenStackInstances(cloud, Spec, names), ConnectApi(world, program), Spec.Workers.Policy.BootTimeout * 1.5);
            // The command finds a scaler that runs: without one it leaves the work to the next.
            await Poll.UntilAsync(async () => FlockAccess.FindScaler(await access.Api.GetNodesAsync(CancellationToken.None)) is not null,
                TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), program, CancellationToken.None);
            await new RollingReplacement(access, program, _ => { }).RollAsync(FlockSpec.Worker, all: true, CancellationToken.None);
            await stop.CancelAsync();
            // A scaler that is killed never ends.
            return await Task.WhenAny(running, scaler.Killed) == running ? await running : CommandLine.Failed;
        });

    /// <summary>Runs a command against the cloud alone.</summary>
    public Task<bool?> WithCloudAsync(SimulatedWorld world, SimulatedProgram program, Func<OpenStackClient, Task> command) =>
        RunAsync(world, program, async _ =>
        {
            await using var cloud = Connect(world, program);
            await command(cloud);
            return CommandLine.Done;
        });

    /// <summary>Connects to the API.</summary>
    public static IFaafoApi ConnectApi(SimulatedWorld world, SimulatedProgram program) =>
        FaafoClient.Connect(new Uri("http://api.test/"), program.Wire(world.Api.Serve, ApiTimeout), FaafoClient.DefaultTimeout);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static OpenStackClient Connect(SimulatedWorld world, SimulatedProgram program) => new(
        new CloudConfig
        {
            Name = "fake",
            AuthUrl = new Uri("http://cloud.test/identity/v3"),
            Credential = new PasswordCredential { UserName = "demo", UserDomain = new(Id: "default"), Password = "s3cret" },
            Scope = AuthScope.Project("demo", new(Id: "default")),
            RegionName = "One",
        },
        new OpenStackClientOptions { Transport = program.Wire(world.Serve), TimeProvider = program, Random = new Random(1) });

    private OpenStackDeployment Deployment(SimulatedWorld world, SimulatedProgram program, RunLog log)
    {
        var options = new ScalerOptions(_folder, null, null, new Uri("http://api.test/"));
        var flocks = new FlockSpecMonitor(Path.Combine(_folder, "flock.yaml"), new RecordingLogger<FlockSpecMonitor>());
        return new OpenStackDeployment(options, flocks, log, NullLoggerFactory.Instance, program, _ => Connect(world, program),
            _ => ConnectApi(world, program));
    }

    private async Task<bool?> RunAsync(SimulatedWorld world, SimulatedProgram program, Func<OpenStackDeployment, Task<int>> command)
    {
        await using var output = new StringWriter();
        // Not disposed when the program is killed: no code of it runs any more.
        var log = new RunLog(_folder, TextWriter.Synchronized(output), program);
        var code = -1;
        var (isKilled, main) = await SimulationDriver.RunAsync(
            world, program, async () => code = await command(Deployment(world, program, log)));
        log.Dispose();
        lock (world.State)
        {
            Output = output.ToString();
        }
        if (isKilled)
        {
            return null;
        }
        if (main!.IsCompletedSuccessfully)
        {
            return code == CommandLine.Done;
        }
        Output += main.Exception?.InnerException?.ToString() ?? "cancelled";
        return false;
    }
}
