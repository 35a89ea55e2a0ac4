using System.CommandLine;
using Faafo.Options;

namespace Faafo.Scaler.Commands;

/// <summary><c>down</c>: stops a local flock, deletes one on a cloud.</summary>
internal static class DownCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var images = shared.OnlyOnCloud(ProgramOption.Switch("--images", "On a cloud: delete the stored images of the fractals too"));
        return shared.OnDeployment(
            new Command("down", "Stop everything; on a cloud, delete everything that was created for the flock") { images },
            (parsed, deployment, stop) => deployment.DownAsync(parsed.GetValue(images), stop));
    }
}
