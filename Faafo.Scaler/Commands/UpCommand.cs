using System.CommandLine;
using Faafo.Options;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Commands;

/// <summary><c>up</c>: starts what is missing and scales it.</summary>
internal static class UpCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var demo = shared.OnlyLocal(ProgramOption.OptionalNumber("--demo", "Submit this many random fractals", 1, 100_000));
        var exitWhenDone = ProgramOption.Switch("--exit-when-done", "Exit once the demo's fractals are rendered");
        var bundle = shared.OnlyOnCloud(ProgramOption.OptionalText(
            "--bundle", "On a cloud: programs to store for new instances, as 'bundle' builds them"));
        var once = shared.OnlyOnCloud(ProgramOption.Switch("--once", "On a cloud: exit once all instances have joined, without scaling"));
        var command = new Command("up", "Start everything and scale it; Ctrl-C stops a local flock, one on a cloud keeps running")
        {
            demo, exitWhenDone, shared.Balanced, bundle, once,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(exitWhenDone) && result.GetValue(demo) is null)
            {
                result.AddError("--exit-when-done needs --demo: without a demo there is nothing to wait for");
            }
        });
        return shared.OnDeployment(command, (parsed, deployment, stop) => deployment.UpAsync(
            new UpOptions(parsed.GetValue(demo), parsed.GetValue(exitWhenDone), parsed.GetValue(bundle), parsed.GetValue(once)), stop));
    }
}
