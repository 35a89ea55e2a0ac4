using System.Net;
using System.Net.Sockets;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>Every chapter, interrupted by Ctrl-C while there are resources to remove.</summary>
public sealed class InterruptedChapterTests(GuideProject project) : ChapterTest(project)
{
    [Theory]
    [InlineData("getting_started", "step-13")]
    [InlineData("introduction", "step-10")]
    [InlineData("scaling_out", "step-5")]
    [InlineData("networking", "step-5")]
    [InlineData("orchestration", "step-2")]
    public async Task Interrupted_chapter_leaves_nothing(string chapter, string at)
    {
        await InterruptAsync(chapter, Prints(at),
            chapter == "getting_started" ? $" --key-file {Path.Combine(Project.Folder, "id_ed25519.pub")}" : "");
        await Project.AssertEmptyAsync();
    }

    [Fact]
    public async Task Interrupted_durability_leaves_nothing()
    {
        // An API that accepts connections and never responds: the chapter, which has created a container, waits until it is interrupted.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await InterruptAsync("durability", Prints("step-11"), $" --endpoint-url http://{silent.LocalEndpoint}");
        await Project.AssertEmptyAsync();
    }

    [Theory]
    [InlineData("POST volumes", "DELETE volumes")]
    [InlineData("POST attachments", "DELETE volumes")]
    [InlineData("POST snapshots", "DELETE snapshots", "DELETE volumes")]
    [InlineData("DELETE snapshots", "DELETE volumes")]
    public async Task Interrupted_block_storage_leaves_nothing(string at, params string[] then)
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await InterruptAsync("block_storage", _ => Last(fake) == at, "", await WriteFakeCloudAsync(fake));
        Assert.Equal([at, .. then], fake.Volumes.Log.SkipWhile(call => call != at));
        Assert.Empty(
            (IEnumerable<object>)[.. fake.Volumes.Volumes, .. fake.Volumes.Snapshots, .. fake.Compute.Servers, .. fake.Network.Groups]);
    }

    // Ctrl-C goes to all processes of a terminal. Here the chapter runs without "dotnet run", which would only wait for it.
    private async Task InterruptAsync(string chapter, Func<ChildProcess, bool> when, string options, string? cloudsYaml = null)
    {
        await GuideProject.BuildAsync(chapter);
        await using var process = Project.Start($"artifacts/samples/{chapter}/bin/debug/{chapter} --cloud mycloud{options}",
            cloudsYaml: cloudsYaml);
        await Eventually.TrueAsync("there are resources", _ =>
            Task.FromResult(process.HasExited ? throw new InvalidOperationException($"{process}") : when(process)),
            TimeSpan.FromMinutes(5));
        process.Interrupt();

        Assert.Equal(1, await process.WaitAsync(Token));
        Assert.EndsWith("Interrupted.\n", await File.ReadAllTextAsync(Path.Combine(Project.Folder, "stderr.log"), Token),
            StringComparison.Ordinal);
    }

    private static string? Last(FakeOpenStack fake)
    {
        lock (fake.State)
        {
            return fake.Volumes.Log.LastOrDefault();
        }
    }

    private static Func<ChildProcess, bool> Prints(string step) =>
        process => process.Output.Contains($"{step}: ", StringComparison.Ordinal);
}
