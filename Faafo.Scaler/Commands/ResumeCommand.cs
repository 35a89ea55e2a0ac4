using System.CommandLine;

namespace Faafo.Scaler.Commands;

/// <summary><c>resume</c>: scales paused groups again.</summary>
internal static class ResumeCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var group = GroupArgument.Optional();
        return shared.OnFlock(
            new Command("resume", "Scale paused groups again") { group },
            (parsed, flock, stop) => PauseSwitch.SetAsync(flock, parsed.GetValue(group), isPaused: false, stop));
    }
}
