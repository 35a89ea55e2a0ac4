using Faafo.OpenStack;
using Faafo.Options;

namespace Faafo.Scaler.Commands;

/// <summary><c>diagnose</c>: what a cloud says of itself, and what is wrong with it.</summary>
internal static class DiagnoseCommand
{
    /// <summary>Prints the report of a cloud from clouds.yaml; the exit code says whether a problem was found.</summary>
    /// <param name="cloud">Its name; null for the cloud of OS_CLOUD, of the OS_* variables, or the only one of the file.</param>
    public static Task<int> RunAsync(string? cloud, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await using var client = OpenStackClient.FromCloud(cloud);
        var diagnosis = await client.DiagnoseAsync(cancellationToken);
        Console.WriteLine(diagnosis);
        return diagnosis.Problems.Count == 0 ? CommandLine.Done : CommandLine.Failed;
    });

    /// <summary>Runs what asks a cloud; what a user can mend becomes one sentence.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (CloudConfigException e)
        {
            throw new UsageException(e.Message);
        }
        catch (OpenStackException e)
        {
            throw new FailureException(e.Message, e);
        }
    }
}
