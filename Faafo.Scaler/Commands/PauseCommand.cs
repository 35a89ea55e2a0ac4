using System.CommandLine;

namespace Faafo.Scaler.Commands;

/// <summary><c>pause</c>: stops adding and removing instances.</summary>
internal static class PauseCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var group = GroupArgument.Optional();
        return shared.OnFlock(
            new Command("pause", "Stop adding and removing instances") { group },
            (parsed, flock, stop) => PauseSwitch.SetAsync(flock, parsed.GetValue(group), isPaused: true, stop));
    }
}
