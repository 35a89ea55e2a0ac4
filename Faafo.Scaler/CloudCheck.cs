using Faafo.OpenStack;
using Faafo.Options;

namespace Faafo.Scaler;

/// <summary><c>diagnose</c>: what a cloud says of itself, and what is wrong with it.</summary>
internal static class CloudCheck
{
    /// <summary>Prints the report of a cloud from clouds.yaml; the exit code says whether a problem was found.</summary>
    /// <param name="cloud">Its name; null for the cloud of OS_CLOUD, of the OS_* variables, or the only one of the file.</param>
    public static async Task<int> RunAsync(string? cloud, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = OpenStackClient.FromCloud(cloud);
            var diagnosis = await client.DiagnoseAsync(cancellationToken);
            Console.WriteLine(diagnosis);
            return diagnosis.Problems.Count == 0 ? CommandLine.Done : CommandLine.Failed;
        }
        catch (CloudConfigException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
