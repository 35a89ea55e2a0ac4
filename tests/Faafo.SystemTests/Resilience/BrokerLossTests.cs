using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>A broker that is away while orders come in.</summary>
[Collection(OutageBroker.Name)]
public sealed class BrokerLossTests(TestServers servers, OutageBroker outage) : FlockTest(servers)
{
    private readonly RabbitMqServer _broker = outage.Broker;

    protected override Task<TestVhost> NewVhostAsync() => outage.NewVhostAsync();

    [Fact]
    public async Task Orders_taken_while_the_broker_stops_and_is_away_are_all_drawn_when_it_is_back()
    {
        await Flock.StartApiAsync();
        await Flock.StartWorkerAsync("worker-1", slots: 2);
        var accepted = 0;
        var ordering = Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (n, token) =>
        {
            await Flock.Api.CreateAsync(Orders.Quick(n), token);
            // The second half comes when the broker is gone.
            if (Interlocked.Increment(ref accepted) == 100)
            {
                await _broker.StopAsync(token);
            }
        });

        await ordering;
        Assert.Equal(200, await Flock.Database.CountAsync("select count(*) from fractals", Token));
        Assert.NotEqual(0, await Flock.Database.CountAsync("select count(*) from outbox", Token));
        await _broker.StartAgainAsync();

        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(90));
        await Eventually.GetAsync("the outbox", token => Flock.Database.CountAsync("select count(*) from outbox", token), count => count == 0);
        await Eventually.GetAsync("the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == 0);
        await Flock.AssertAllDoneAsync(200);
    }

    [Fact]
    public async Task Flock_that_starts_before_its_broker_works_when_it_comes()
    {
        await _broker.StopAsync(Token);
        await Flock.StartApiAsync();
        var order = Orders.Quick();
        await Flock.Api.CreateAsync(order, Token);
        await Flock.StartWorkerAsync("worker-1", slots: 1);

        await _broker.StartAgainAsync();

        await Flock.WaitForAsync(order.Uuid, Fractals.FractalStatus.Done);
        await Eventually.GetAsync("the outbox", token => Flock.Database.CountAsync("select count(*) from outbox", token), count => count == 0);
        await Flock.AssertAllDoneAsync(1);
    }
}
