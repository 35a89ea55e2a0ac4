using System.CommandLine;
using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Commands;

/// <summary><c>diagnose</c>: checks the configuration, login, catalog, versions and clocks of a cloud.</summary>
internal static class DiagnoseCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var command = new Command("diagnose", "Check a cloud: configuration, login, catalog, versions, clocks");
        command.SetAction((parsed, stop) => ErrorTranslation.RunAsync(() => RunAsync(parsed.GetValue(shared.Cloud), stop)));
        return command;
    }

    // Without a name: the cloud of OS_CLOUD, of the OS_* variables, or the only one of clouds.yaml.
    private static async Task<int> RunAsync(string? cloud, CancellationToken cancellationToken)
    {
        await using var client = OpenStackClient.FromCloud(cloud is FlockSpec.Local ? null : cloud);
        var diagnosis = await client.DiagnoseAsync(cancellationToken);
        Console.WriteLine(diagnosis);
        return diagnosis.Problems.Count == 0 ? CommandLine.Done : CommandLine.Failed;
    }
}
