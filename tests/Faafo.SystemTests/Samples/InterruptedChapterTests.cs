using System.Net;
using System.Net.Sockets;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>Every chapter, cut off by Ctrl-C when something is there that has to be taken away.</summary>
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
        await InterruptAsync(chapter, Says(at), chapter == "getting_started" ? $" --key-file {Path.Combine(Project.Folder, "id_ed25519.pub")}" : "");
        await Project.AssertEmptyAsync();
    }

    [Fact]
    public async Task Interrupted_durability_leaves_nothing()
    {
        // An API that is connected to and says nothing: the chapter waits for its fractals until it is cut off, with a container made.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await InterruptAsync("durability", Says("step-11"), $" --endpoint-url http://{silent.LocalEndpoint}");
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
        await InterruptAsync("block_storage", _ => Last(fake) == at, "", await StandInAsync(fake));
        Assert.Equal([at, .. then], fake.Volumes.Log.SkipWhile(call => call != at));
        Assert.Empty((IEnumerable<object>)[.. fake.Volumes.Volumes, .. fake.Volumes.Snapshots, .. fake.Compute.Servers, .. fake.Network.Groups]);
    }

    // Ctrl-C goes to all processes of a terminal; here the chapter is started without "dotnet run", which waits for it in silence.
    private async Task InterruptAsync(string chapter, Func<ChildProcess, bool> when, string options, string? cloudsYaml = null)
    {
        await GuideProject.BuildAsync(chapter);
        await using var process = Project.Start($"artifacts/samples/{chapter}/bin/debug/{chapter} --cloud mycloud{options}", cloudsYaml: cloudsYaml);
        await Eventually.TrueAsync("something is there", _ => Task.FromResult(process.HasExited ? throw new InvalidOperationException($"{process}") : when(process)),
            TimeSpan.FromMinutes(5));
        process.Interrupt();

        Assert.Equal(1, await process.WaitAsync(Token));
        Assert.EndsWith("Interrupted.\n", await File.ReadAllTextAsync(Path.Combine(Project.Folder, "stderr.log"), Token), StringComparison.Ordinal);
    }

    private static string? Last(FakeOpenStack fake)
    {
        lock (fake.State)
        {
            return fake.Volumes.Log.LastOrDefault();
        }
    }

    private static Func<ChildProcess, bool> Says(string step) => process => process.Output.Contains($"{step}: ", StringComparison.Ordinal);
}
