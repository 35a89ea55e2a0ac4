using System.CommandLine;
using Faafo.Options;

namespace Faafo.Scaler.Commands;

/// <summary><c>plan</c>: shows what <c>up</c> and <c>roll</c> would change.</summary>
internal static class PlanCommand
{
    private const int HasChanges = 3;

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) => shared.OnDeployment(
        new Command("plan", "Show what up and roll would change (exit code 3 if anything)"),
        async (_, deployment, stop) =>
        {
            var changes = await deployment.PlanAsync(stop);
            Console.WriteLine(changes == 0 ? "Nothing to do" : $"{changes} changes");
            return changes == 0 ? CommandLine.Done : HasChanges;
        });
}
