using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>A broker that is unavailable while tasks arrive.</summary>
[Collection(OutageBroker.Name)]
public sealed class BrokerLossTests(TestServers servers, OutageBroker outage) : FlockTest(servers)
{
    private readonly RabbitMqServer _broker = outage.Broker;

    protected override Task<TestVhost> NewVhostAsync() => outage.NewVhostAsync();

    [Fact]
    public async Task Tasks_accepted_during_a_broker_outage_are_all_drawn_afterwards()
    {
        await Flock.StartApiAsync();
        await Flock.StartWorkerAsync("worker-1", slots: 2);
        var accepted = 0;
        var posting = Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token },
            async (n, token) =>
        {
            await Flock.Api.CreateAsync(TestTasks.Quick(n), token);
            // The second half arrives after the broker has stopped.
            if (Interlocked.Increment(ref accepted) == 100)
            {
                await _broker.StopAsync(token);
            }
        });

        await posting;
        Assert.Equal(200, await Flock.Database.CountAsync("select count(*) from fractals", Token));
        Assert.NotEqual(0, await Flock.Database.CountAsync("select count(*) from outbox", Token));
        await _broker.StartAgainAsync();

        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(90));
        await Eventually.GetAsync("the outbox", token => Flock.Database.CountAsync("select count(*) from outbox", token), count =>
            count == 0);
        await Eventually.GetAsync("the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == 0);
        await Flock.AssertAllDoneAsync(200);
    }

    [Fact]
    public async Task Flock_started_before_its_broker_works_once_the_broker_runs()
    {
        await _broker.StopAsync(Token);
        await Flock.StartApiAsync();
        var task = TestTasks.Quick();
        await Flock.Api.CreateAsync(task, Token);
        await Flock.StartWorkerAsync("worker-1", slots: 1);

        await _broker.StartAgainAsync();

        await Flock.WaitForAsync(task.Uuid, Fractals.FractalStatus.Done);
        await Eventually.GetAsync("the outbox", token => Flock.Database.CountAsync("select count(*) from outbox", token), count =>
            count == 0);
        await Flock.AssertAllDoneAsync(1);
    }
}
