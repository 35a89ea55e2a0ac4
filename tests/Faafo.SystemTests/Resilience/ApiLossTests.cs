using Faafo.Fractals;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>APIs that die, and several that start at once.</summary>
public sealed class ApiLossTests(TestServers servers) : FlockTest(servers)
{
    [Fact]
    public async Task Result_survives_an_api_outage_without_being_drawn_again()
    {
        var api = await Flock.StartApiAsync();
        var task = TestTasks.Slow(3);
        await Flock.Api.CreateAsync(task, Token);
        var worker = await Flock.StartWorkerAsync("worker-1", slots: 1);
        await Flock.WaitForAsync(task.Uuid, FractalStatus.Rendering);

        await api.KillAsync();
        await Eventually.TrueAsync("the worker holds the result",
            _ => Task.FromResult(worker.Output.Contains($"API unreachable, holding the result of {task.Uuid}", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(60));
        Assert.Equal(task.Uuid, Flock.ReadImages().Single().Uuid);
        Assert.Equal(1, await Flock.Database.CountAsync("select count(*) from fractals where finished_at is null", Token));
        await Flock.StartApiAsync();
        var done = await Flock.WaitForAsync(task.Uuid, FractalStatus.Done);

        Assert.Equal(TestTasks.Checksum(task), done!.Checksum);
        Assert.Equal(1, worker.Output.Split('\n').Count(line => line.Contains("Rendered ", StringComparison.Ordinal)));
        await Flock.AssertAllDoneAsync(1);
    }

    [Fact]
    public async Task Tasks_accepted_by_a_killed_api_are_drawn()
    {
        var api = await Flock.StartApiAsync();
        var accepted = 0;
        var posting = Task.Run(async () =>
        {
            await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
                async (n, token) =>
            {
                await Flock.Api.CreateAsync(TestTasks.Quick(n), token);
                Interlocked.Increment(ref accepted);
            });
        }, Token);
        await Eventually.TrueAsync("some are accepted", _ => Task.FromResult(Volatile.Read(ref accepted) > 50));

        await api.KillAsync();
        await Assert.ThrowsAsync<FaafoApiException>(() => posting);
        await Flock.StartApiAsync();
        await Flock.StartWorkerAsync("worker-1", slots: 2);

        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(60));
        // A task may be stored although its 201 was lost with the API; the reverse must never happen.
        var rows = await Flock.Database.CountAsync("select count(*) from fractals", Token);
        Assert.InRange(rows, accepted, accepted + 8);
        await Eventually.GetAsync("the outbox", token => Flock.Database.CountAsync("select count(*) from outbox", token), count =>
            count == 0);
        await Flock.AssertAllDoneAsync((int)rows);
    }

    [Fact]
    public async Task Apis_started_together_on_an_empty_database_all_serve()
    {
        var endpoints = Enumerable.Range(0, 6).Select(_ => new Uri($"http://127.0.0.1:{FreePort.Next()}/")).ToArray();

        var apis = endpoints.Select((endpoint, n) => Flock.LaunchApi($"api-{n}", endpoint)).ToArray();

        var clients = endpoints.Select(endpoint => FaafoClient.Connect(endpoint)).ToArray();
        for (var n = 0; n < apis.Length; n++)
        {
            await TestFlock.WaitUntilReadyAsync(apis[n], clients[n]);
        }
        await Task.WhenAll(clients.Select((client, n) => client.CreateAsync(TestTasks.Quick(n), Token)));
        Assert.All(apis, api => Assert.False(api.HasExited));
        Assert.Equal(6, await Flock.Database.CountAsync("select count(*) from fractals", Token));
        await Eventually.GetAsync("six messages", token => Flock.Vhost.CountAsync("normal", token), count => count == 6);
    }

    [Fact]
    public async Task Database_url_with_several_hosts_uses_the_reachable_one()
    {
        var url = Flock.Database.Url.Replace($"@127.0.0.1:{Flock.Database.Port}/",
            $"@127.0.0.1:{FreePort.Next()},127.0.0.1:{Flock.Database.Port}/",
            StringComparison.Ordinal);

        await Flock.StartApiAsync(databaseUrl: url);

        await Flock.Api.CreateAsync(TestTasks.Quick(), Token);
        Assert.Equal(1, await Flock.Database.CountAsync("select count(*) from fractals", Token));
    }
}
