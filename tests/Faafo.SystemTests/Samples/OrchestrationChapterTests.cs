using Faafo.SystemTests.Flock;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>The chapter on orchestration.</summary>
public sealed class OrchestrationChapterTests(GuideProject project) : ChapterTest(project)
{
    [Fact]
    public async Task Orchestration()
    {
        var endpoint = $"http://127.0.0.1:{FreePort.Next()}";
        await using var api = ChildProcess.Start(
            TestFlock.PathOf("Faafo.Api", "faafo-api"), ["--state-dir", Path.Combine(Project.Folder, "queue"), "--urls", endpoint]);
        var faafo = FaafoClient.Connect(new Uri(endpoint));
        await TestFlock.WaitUntilReadyAsync(api, faafo);
        for (var i = 1; i <= 12; i++)
        {
            await faafo.CreateAsync(TestTasks.Quick(i), Token);
        }
        var output = await KeepAsync("orchestration", $" --endpoint-url {endpoint}");
        Assert.Equal(["api ACTIVE", "faafo_autoscaling_workers", "services ACTIVE", "worker ACTIVE", "worker ACTIVE", "worker ACTIVE"],
            (await NamesAsync()).Where(name => name.Contains(" ACTIVE", StringComparison.Ordinal) || name == "faafo_autoscaling_workers")
            .ToArray());
        Assert.Contains("scale_up", await Project.OpenStackAsync("stack resource list faafo_autoscaling_workers -f value -c resource_name"),
            StringComparison.Ordinal);

        await RunAsync("orchestration");
        await Project.AssertEmptyAsync();
        Compare("orchestration", output);
    }
}
