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
        return shared.OnFlock(
            new Command("roll", "Replace the instances of a group that differ from flock.yaml, one at a time") { group, all },
            (parsed, flock, stop) => RunAsync(flock, parsed.GetValue(group)!, parsed.GetValue(all), stop));
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
