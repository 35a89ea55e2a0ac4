using System.Collections.Concurrent;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>The guide's load test: <c>for i in $(seq 1 500); do faafo create &amp; done</c>.</summary>
[Collection(ExclusiveCollection.Name)]
public sealed class ManyCommandsTests(TestServers servers) : FlockTest(servers)
{
    private const int Commands = 500;

    [Fact]
    public async Task Five_hundred_concurrent_create_commands_are_all_accepted_and_drawn()
    {
        Assert.SkipUnless(File.Exists(TestFlock.NativeFaafo), "tests/native has not built the native command line");
        await Flock.StartApiAsync();
        var failed = new ConcurrentBag<string>();

        await Parallel.ForAsync(0, Commands, new ParallelOptions { MaxDegreeOfParallelism = Commands, CancellationToken = Token },
            async (_, _) =>
        {
            var (exitCode, output) = await Flock.RunFaafoAsync(["create", "--tasks", "1"], TestFlock.NativeFaafo);
            if (exitCode != 0)
            {
                failed.Add(output);
            }
        });

        Assert.Empty(failed);
        Assert.Equal(Commands, await Flock.Database.CountAsync("select count(*) from fractals where status = 'queued'", Token));
        await Eventually.GetAsync("every task on the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == Commands);

        await Flock.StartWorkerAsync("worker-1", slots: 2);
        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(120));
        await Flock.AssertAllDoneAsync(Commands);
    }
}
