using System.CommandLine;

namespace Faafo.Scaler.Commands;

/// <summary><c>run</c>: scales what is there.</summary>
internal static class RunCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) => shared.OnDeployment(
        new Command("run", "Only scale what is there, and leave it running at Ctrl-C; on a cloud, stand by while another scaler runs")
        {
            shared.WithoutLease,
        },
        (_, deployment, stop) => deployment.RunAsync(stop));
}
