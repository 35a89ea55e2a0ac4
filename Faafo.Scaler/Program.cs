using System.CommandLine;
using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Commands;
using Faafo.Scaler.Control;
using Faafo.Scaler.Heat;
using Faafo.Scaler.Local;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

var cloud = ProgramOption.OptionalText("--cloud", "Where instances come from: local, or a name from clouds.yaml; without it, what flock.yaml says, or local");
var flockFile = ProgramOption.OptionalText("--flock", "flock.yaml; without it, one API and one to four workers");
var stateDir = ProgramOption.Text("--state-dir", "Folder of the local flock's data, and of the scaler's log", () => StateDirectory.DefaultPath);
var port = ProgramOption.Number("--port", "Port of the API on 127.0.0.1", 1, 65_535, () => 8080);
var endpoint = ProgramOption.OptionalUrl("--endpoint-url", "The API, for commands that ask it; without it, the flock's own");
var demo = ProgramOption.OptionalNumber("--demo", "Order this many random fractals", 1, 100_000);
var balanced = ProgramOption.Switch("--lb", "On this host: two or more APIs with HAProxy before them, which must be installed; the same as lb: haproxy in flock.yaml");
var exitWhenDone = ProgramOption.Switch("--exit-when-done", "End as soon as the demo's fractals are rendered");
var bundle = ProgramOption.OptionalText("--bundle", "On a cloud: programs to store for new instances, as 'bundle' builds them");
var once = ProgramOption.Switch("--once", "On a cloud: end as soon as everything has joined, without scaling");
var images = ProgramOption.Switch("--images", "On a cloud: delete the pictures too");
var stack = ProgramOption.OptionalText("--stack", "On a cloud: a stack of Heat whose workers are scaled by its webhooks, instead of a flock that this program made");
var output = ProgramOption.Text("--output", "The file", () => Bundle.DefaultFile);
var group = new Argument<string>("GROUP") { Description = "api or worker" }.AcceptOnlyFromAmong(FlockSpec.Api, FlockSpec.Worker);
var anyGroup = new Argument<string?>("GROUP") { Description = "api or worker; both if left out", Arity = ArgumentArity.ZeroOrOne }
    .AcceptOnlyFromAmong(FlockSpec.Api, FlockSpec.Worker);
var size = new Argument<string>("SIZE") { Description = "How many instances, or auto for the policy's word" };
size.Validators.Add(result =>
{
    if (result.Tokens[0].Value is var text && text != "auto" && !(Number.TryWhole(text, out var number) && number is >= 0 and <= 10_000))
    {
        result.AddError($"SIZE must be auto or a whole number from 0 to 10000, not '{text}'");
    }
});
var all = ProgramOption.Switch("--all", "Also those that are as flock.yaml says");
var node = new Argument<string>("NODE") { Description = "The node's name" };

var root = new RootCommand("Starts a flock of Faafo and scales it: one API and as many workers as there is work for.");
foreach (var option in (Option[])[cloud, flockFile, stateDir, port, endpoint, stack])
{
    option.Recursive = true;
    root.Add(option);
}
var up = Add("up", "Start everything and scale it; the local flock ends at Ctrl-C, one on a cloud stays", (parsed, stop) => IsLocal(parsed)
    ? new LocalDeployment(Options(parsed), TimeProvider.System).UpAsync(parsed.GetValue(demo), parsed.GetValue(exitWhenDone), stop)
    : OnCloudAsync(parsed, flock => flock.UpAsync(new UpOptions(parsed.GetValue(bundle), parsed.GetValue(once)), stop)));
foreach (var option in (Option[])[demo, exitWhenDone, balanced, bundle, once])
{
    up.Add(option);
}
up.Validators.Add(result =>
{
    if (result.GetValue(exitWhenDone) && result.GetValue(demo) is null)
    {
        result.AddError("--exit-when-done needs --demo: without it, nothing is ever done");
    }
});
Add("run", "Only scale what is there, and leave it running at Ctrl-C", (parsed, stop) => IsLocal(parsed)
    ? new LocalDeployment(Options(parsed), TimeProvider.System).RunAsync(stop)
    : parsed.GetValue(stack) is { } name ? OnStackAsync(parsed, name, stop) : OnCloudAsync(parsed, flock => flock.RunAsync(stop)));
var down = Add("down", "Stop everything; on a cloud, delete everything that was made for the flock", (parsed, stop) => IsLocal(parsed)
    ? new LocalDeployment(Options(parsed), TimeProvider.System).DownAsync(stop) : OnCloudAsync(parsed, flock => flock.DownAsync(parsed.GetValue(images), stop)));
down.Add(images);
Add("plan", "Say what up and roll would do (exit code 3 if anything)", (parsed, stop) => IsLocal(parsed)
    ? OperateAsync(parsed, one => one.PlanAsync(stop), stop) : OnCloudAsync(parsed, flock => flock.PlanAsync(stop)));
Add("bundle", "Build the programs that instances on a cloud run, as one file with its checksum", async (parsed, stop) =>
{
    Console.WriteLine($"{await Bundle.BuildAsync(parsed.GetValue(output)!, Console.Error.WriteLine, stop)}  {parsed.GetValue(output)}");
    return CommandLine.Done;
}).Add(output);
Add("status", "Show nodes, queue, orders and the last decision", (parsed, stop) => OperateAsync(parsed, one => one.StatusAsync(stop), stop));
Add("nodes", "Show what every node says of itself", (parsed, stop) => OperateAsync(parsed, one => one.NodesAsync(stop), stop));
var scale = Add("scale", "Order a size for a group", (parsed, stop) =>
    OperateAsync(parsed, one => one.ScaleAsync(
        parsed.GetValue(group)!, Number.TryWhole(parsed.GetValue(size), out var number) ? number : null, stop), stop));
scale.Add(group);
scale.Add(size);
Add("drain", "Let a node finish and leave", (parsed, stop) => OperateAsync(parsed, one => one.DrainAsync(parsed.GetValue(node)!, stop), stop)).Add(node);
var roll = Add("roll", "Replace the instances of a group that flock.yaml asks for otherwise now, one after the other", (parsed, stop) => IsLocal(parsed) && parsed.GetValue(group) == FlockSpec.Api && !Options(parsed).Balanced
    ? throw new FailureException("the one API of a local flock has nobody to answer in its stead: 'faafo-scaler up --lb' starts two behind HAProxy")
    : OperateAsync(parsed, one => one.RollAsync(parsed.GetValue(group)!, parsed.GetValue(all), stop), stop));
roll.Add(group);
roll.Add(all);
Add("pause", "Add and remove nothing", (parsed, stop) => OperateAsync(parsed, one => one.PauseAsync(parsed.GetValue(anyGroup), true, stop), stop)).Add(anyGroup);
Add("resume", "Scale again", (parsed, stop) => OperateAsync(parsed, one => one.PauseAsync(parsed.GetValue(anyGroup), false, stop), stop)).Add(anyGroup);
Add("diagnose", "Look at a cloud: configuration, login, catalog, versions, clocks", (parsed, stop) =>
    DiagnoseCommand.RunAsync(parsed.GetValue(cloud) is FlockSpec.Local ? null : parsed.GetValue(cloud), stop));
return await CommandLine.RunAsync(root, args);

Command Add(string name, string description, Func<ParseResult, CancellationToken, Task<int>> action)
{
    var command = new Command(name, description);
    command.SetAction(action);
    root.Add(command);
    return command;
}

FlockSpec Wanted(ParseResult parsed) => parsed.GetValue(flockFile) is { } path ? new FlockFile(path, parsed.GetValue(cloud), parsed.GetValue(balanced)).Read()
    : FlockSpec.Of(parsed.GetValue(cloud) ?? FlockSpec.Local);

bool IsLocal(ParseResult parsed)
{
    var local = Wanted(parsed).IsLocal;
    foreach (var option in local ? (Option[])[bundle, once, images, stack] : [demo, port, balanced])
    {
        if (parsed.GetResult(option) is { Implicit: false })
        {
            throw new UsageException($"{option.Name} is only for {(local ? "a flock on a cloud" : "the local flock")}");
        }
    }
    return local;
}

// One that looks and orders, wherever the flock is.
async Task<int> OperateAsync(ParseResult parsed, Func<Operator, Task<int>> act, CancellationToken stop)
{
    var options = Options(parsed);
    if (IsLocal(parsed))
    {
        var local = new LocalInstances(new LocalSettings(options.StateDir, options.EndpointOverride ?? options.Endpoint, options.ReadFlock()), TimeProvider.System);
        if (options.EndpointOverride is { } named)
        {
            await EndpointCheck.RequireAsync(named, LocalInstances.EndpointOf(options.StateDir), $"in {options.StateDir}", await local.ListAsync(stop), stop);
            options = options with { Endpoint = named };
        }
        return await act(new Operator(options, local, TimeSpan.FromSeconds(60), TimeProvider.System));
    }
    var flock = Wanted(parsed);
    return await DiagnoseCommand.GuardAsync(async () =>
    {
        await using var client = OpenStackClient.FromCloud(flock.Cloud);
        var patience = flock.AllGroups.Max(one => one.Policy.BootTimeout) * 1.5;
        if (parsed.GetValue(stack) is { } name)
        {
            using var heat = await HeatInstances.FindAsync(client, name, TimeProvider.System, stop);
            await CheckAsync(heat, $"of the stack {name}");
            return await act(new Operator(options with { Endpoint = options.EndpointOverride ?? heat.Endpoint }, heat, patience, TimeProvider.System));
        }
        var names = await ResourceNames.OfAsync(client, flock.Name, stop);
        var found = options.EndpointOverride ?? await SharedInfrastructure.FindEndpointAsync(client, flock, names, stop)
            ?? throw new FailureException($"the flock '{flock.Name}' has no floating address in the cloud {flock.Cloud}: name its API with --endpoint-url");
        var instances = new OpenStackInstances(client, flock, names);
        await CheckAsync(instances, $"'{flock.Name}' in the cloud {flock.Cloud}");
        return await act(new Operator(options with { Endpoint = found }, instances, patience, TimeProvider.System));
    });

    async Task CheckAsync(IInstanceProvider instances, string called)
    {
        if (options.EndpointOverride is { } named)
        {
            await EndpointCheck.RequireAsync(named, own: null, called, await instances.ListAsync(stop), stop);
        }
    }
}

Task<int> OnCloudAsync(ParseResult parsed, Func<OpenStackDeployment, Task<int>> act) => parsed.GetValue(stack) is null
    ? WithJournalAsync(parsed, Wanted(parsed).Name, (options, journal, logs) => act(new OpenStackDeployment(
        options, new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud), journal, logs, TimeProvider.System, name => OpenStackClient.FromCloud(name))))
    : throw new UsageException("--stack is not for plan, up and down: Heat makes a stack and takes it away");

Task<int> OnStackAsync(ParseResult parsed, string name, CancellationToken stop) => WithJournalAsync(parsed, name, async (options, journal, logs) =>
{
    await using var client = OpenStackClient.FromCloud(Wanted(parsed).Cloud);
    return await HeatDeployment.RunAsync(options, client, name, journal, logs, TimeProvider.System, stop);
});

Task<int> WithJournalAsync(ParseResult parsed, string name, Func<ScalerOptions, RunLog, ILoggerFactory, Task<int>> act) => DiagnoseCommand.GuardAsync(async () =>
{
    var options = Options(parsed) with { StateDir = Path.Combine(Path.GetFullPath(parsed.GetValue(stateDir)!), "flocks", name) };
    using var journal = new RunLog(options.StateDir, Console.Out, TimeProvider.System);
    using var logs = LoggerFactory.Create(logging => logging.AddProvider(journal));
    return await act(options, journal, logs);
});

// Without --port, a local flock that runs is where it is.
ScalerOptions Options(ParseResult parsed)
{
    var folder = Path.GetFullPath(parsed.GetValue(stateDir)!);
    var running = parsed.GetResult(port) is { Implicit: false } ? null : LocalInstances.EndpointOf(folder);
    return new(folder, parsed.GetValue(flockFile), parsed.GetValue(cloud), running ?? new Uri($"http://127.0.0.1:{parsed.GetValue(port)}/"), parsed.GetValue(endpoint),
        parsed.GetValue(balanced) || LocalInstances.HasBalancer(folder));
}
