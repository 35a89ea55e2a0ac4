using System.CommandLine;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Clouds;

const string Local = "local";
var cloud = ProgramOption.Text("--cloud", "Where instances come from: local, or for diagnose a name from clouds.yaml", () => Local);
var flockFile = ProgramOption.OptionalText("--flock", "flock.yaml; without it, one API and one to four workers");
var stateDir = ProgramOption.Text("--state-dir", "Folder of the local flock's data", () => StateDirectory.DefaultPath);
var port = ProgramOption.Number("--port", "Port of the API on 127.0.0.1", 1, 65_535, () => 8080);
var endpoint = ProgramOption.Of<Uri?>("--endpoint-url", "The API, for commands that ask it; without it, the flock's own", text =>
    Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : throw new FormatException($"--endpoint-url must be a URL, not '{text}'"), () => null);
var demo = ProgramOption.Of<int?>("--demo", "Order this many random fractals", text => int.TryParse(text, out var n) && n is >= 1 and <= 100_000 ? n
    : throw new FormatException($"--demo must be a whole number from 1 to 100000, not '{text}'"), () => null);
var exitWhenDone = ProgramOption.Switch("--exit-when-done", "End as soon as the demo's fractals are rendered");
var group = new Argument<string>("GROUP") { Description = "api or worker" }.AcceptOnlyFromAmong(Flock.Api, Flock.Worker);
var anyGroup = new Argument<string?>("GROUP") { Description = "api or worker; both if left out", Arity = ArgumentArity.ZeroOrOne }
    .AcceptOnlyFromAmong(Flock.Api, Flock.Worker);
var size = new Argument<string>("SIZE") { Description = "How many instances, or auto for the policy's word" };
size.Validators.Add(result =>
{
    if (result.Tokens[0].Value is var text && text != "auto" && !(int.TryParse(text, out var number) && number is >= 0 and <= 10_000))
    {
        result.AddError($"SIZE must be auto or a whole number from 0 to 10000, not '{text}'");
    }
});
var node = new Argument<string>("NODE") { Description = "The node's name" };

var root = new RootCommand("Starts a flock of Faafo and scales it: one API and as many workers as there is work for.");
foreach (var option in (Option[])[cloud, flockFile, stateDir, port, endpoint])
{
    option.Recursive = true;
    root.Add(option);
}
var up = Add("up", "Start everything, scale it, and stop it all at Ctrl-C", (parsed, stop) =>
    new LocalFlock(Options(parsed), TimeProvider.System).UpAsync(parsed.GetValue(demo), parsed.GetValue(exitWhenDone), stop));
up.Add(demo);
up.Add(exitWhenDone);
up.Validators.Add(result =>
{
    if (result.GetValue(exitWhenDone) && result.GetValue(demo) is null)
    {
        result.AddError("--exit-when-done needs --demo: without it, nothing is ever done");
    }
});
Add("run", "Only scale what is there, and leave it running at Ctrl-C", (parsed, stop) =>
    new LocalFlock(Options(parsed), TimeProvider.System).RunAsync(stop));
Add("down", "Stop everything; the data stay", (parsed, stop) => new LocalFlock(Options(parsed), TimeProvider.System).DownAsync(stop));
Add("plan", "Say what up would do (exit code 3 if anything)", (parsed, stop) => Operator(parsed).PlanAsync(stop));
Add("status", "Show nodes, queue, orders and the last decision", (parsed, stop) => Operator(parsed).StatusAsync(stop));
var scale = Add("scale", "Order a size for a group", (parsed, stop) =>
    Operator(parsed).ScaleAsync(parsed.GetValue(group)!, int.TryParse(parsed.GetValue(size), out var number) ? number : null, stop));
scale.Add(group);
scale.Add(size);
Add("drain", "Let a node finish and leave", (parsed, stop) => Operator(parsed).DrainAsync(parsed.GetValue(node)!, stop)).Add(node);
Add("pause", "Add and remove nothing", (parsed, stop) => Operator(parsed).PauseAsync(parsed.GetValue(anyGroup), true, stop)).Add(anyGroup);
Add("resume", "Scale again", (parsed, stop) => Operator(parsed).PauseAsync(parsed.GetValue(anyGroup), false, stop)).Add(anyGroup);
Add("diagnose", "Look at a cloud: configuration, login, catalog, versions, clocks", (parsed, stop) =>
    CloudCheck.RunAsync(parsed.GetValue(cloud) is Local ? null : parsed.GetValue(cloud), stop));
return await CommandLine.RunAsync(root, args);

Command Add(string name, string description, Func<ParseResult, CancellationToken, Task<int>> action)
{
    var command = new Command(name, description);
    command.SetAction(action);
    root.Add(command);
    return command;
}

Operator Operator(ParseResult parsed) =>
    new(parsed.GetValue(endpoint) is { } url ? Options(parsed) with { Endpoint = url } : Options(parsed), TimeProvider.System);

// Without --port, a flock that runs is where it is.
ScalerOptions Options(ParseResult parsed)
{
    if (parsed.GetValue(cloud) is not Local and var other)
    {
        throw new UsageException($"--cloud must be local, not '{other}': only diagnose knows other clouds yet");
    }
    var folder = Path.GetFullPath(parsed.GetValue(stateDir)!);
    var running = parsed.GetResult(port) is { Implicit: false } ? null : LocalCloud.EndpointOf(folder);
    return new(folder, parsed.GetValue(flockFile), running ?? new Uri($"http://127.0.0.1:{parsed.GetValue(port)}/"));
}
