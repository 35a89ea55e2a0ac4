using Faafo.Options;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Commands;

/// <summary>The override that <c>pause</c> sets and <c>resume</c> clears.</summary>
internal static class PauseSwitch
{
    /// <summary>Pauses or resumes one group, or all.</summary>
    public static async Task<int> SetAsync(FlockAccess flock, string? group, bool isPaused, CancellationToken cancellationToken)
    {
        foreach (var name in group is null ? GroupArgument.Groups : [group])
        {
            await flock.Api.ChangeGroupAsync(name, overrides => overrides with { Paused = isPaused }, cancellationToken);
            Console.WriteLine($"{name} is {(isPaused ? "paused: no instance is added or removed" : "scaled again")}");
        }
        return CommandLine.Done;
    }
}
