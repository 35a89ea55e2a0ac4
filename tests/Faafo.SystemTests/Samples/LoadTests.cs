using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Scaler;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>Runs the load test of the guide, and checks that tests run every command of the guide.</summary>
public sealed class LoadTests
{
    private const string Load = "samples/load.sh";

    [Fact]
    public void Guide_has_no_untested_command() => Assert.Equal(
        Guide.Chapters.Select(chapter => $"dotnet run samples/{chapter.Name}.cs -- --cloud mycloud").Append(Load).Order(),
        File.ReadLines(Guide.File).Where(line => line.StartsWith("    $ ", StringComparison.Ordinal))
        .Select(line => line[6..].Replace(" --keep", "", StringComparison.Ordinal)).Order());

    [Fact]
    public async Task Load_is_accepted_and_shown()
    {
        var token = TestContext.Current.CancellationToken;
        await using var scaler = new ScalerProgram();
        var up = await scaler.UpAsync();
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"load-{Guid.NewGuid():N}")).FullName;
        var environment = new Dictionary<string, string>
        {
            ["FAAFO_ENDPOINT_URL"] = $"http://127.0.0.1:{scaler.Port}",
            ["PATH"] = $"{Path.GetDirectoryName(TestFlock.PathOf("Faafo.Cli", "faafo"))}:{Environment.GetEnvironmentVariable("PATH")}",
        };
        await using var load = ChildProcess.Start(Path.Combine(Guide.Root, Load), [], environment, folder);

        Assert.True(await load.WaitAsync(token) == 0, $"{load}\n{await File.ReadAllTextAsync(Path.Combine(folder, "load.log"), token)}");
        Assert.StartsWith("100 of 100 commands succeeded: 500 tasks accepted\n", load.Output, StringComparison.Ordinal);
        Assert.Contains("| oldest_age", load.Output, StringComparison.Ordinal);
        Assert.Contains("app-worker-", load.Output, StringComparison.Ordinal);
        Assert.Equal(0, await up.StopAsync(token));
    }
}
