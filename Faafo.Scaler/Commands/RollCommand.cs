using System.CommandLine;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Commands;

/// <summary><c>roll</c>: replaces the instances of a group one at a time.</summary>
internal static class RollCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var group = GroupArgument.Required();
        var all = ProgramOption.Switch("--all", "Also those that match flock.yaml");
        var abort = ProgramOption.Switch("--abort", "End a roll that was interrupted or has failed: what is not replaced yet stays");
        var command = new Command("roll", "Replace the instances of a group that differ from flock.yaml, one at a time")
        {
            group, all, abort,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && result.GetValue(abort))
            {
                result.AddError("--all and --abort exclude each other: --abort replaces nothing more");
            }
        });
        return shared.OnFlock(command, (parsed, flock, stop) => parsed.GetValue(abort)
            ? AbortAsync(flock, parsed.GetValue(group)!, stop)
            : RunAsync(flock, parsed.GetValue(group)!, parsed.GetValue(all), stop));
    }

    private static async Task<int> AbortAsync(FlockAccess flock, string group, CancellationToken cancellationToken)
    {
        await new RollingReplacement(flock, TimeProvider.System, Console.WriteLine).AbortAsync(group, cancellationToken);
        return CommandLine.Done;
    }

    private static async Task<int> RunAsync(FlockAccess flock, string group, bool all, CancellationToken cancellationToken)
    {
        if (group == FlockSpec.Api && !flock.CanReplaceApis)
        {
            throw new FailureException("cannot roll the only API without downtime: start two behind HAProxy with 'faafo-scaler up --lb'");
        }
        await new RollingReplacement(flock, TimeProvider.System, Console.WriteLine).RollAsync(group, all, cancellationToken);
        return CommandLine.Done;
    }
}
