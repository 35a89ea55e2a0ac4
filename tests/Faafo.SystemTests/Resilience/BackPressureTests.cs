using System.Net;
using System.Net.Http.Json;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using Npgsql;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>A broker or a database that is there but does not answer: orders are refused in time, and none that was accepted is lost.</summary>
[Collection(OutageBroker.Name)]
public sealed class BackPressureTests(TestServers servers, OutageBroker outage) : FlockTest(servers)
{
    private readonly RabbitMqServer _broker = outage.Broker;

    protected override Task<TestVhost> NewVhostAsync() => outage.NewVhostAsync();

    [Fact]
    public async Task Broker_that_stands_still_has_orders_refused_at_the_limit_and_gets_every_accepted_one_later()
    {
        const int limit = 20;
        await Flock.StartApiAsync(more: ["--outbox-limit", $"{limit}"]);
        var accepted = 0;
        _broker.Freeze();
        try
        {
            await Eventually.TrueAsync("an order is refused", async _ => await PostAsync() == HttpStatusCode.ServiceUnavailable);

            Assert.InRange(accepted, limit, 10 * limit);
            Assert.Equal(accepted, await Flock.Database.CountAsync("select count(*) from outbox", Token));
        }
        finally
        {
            _broker.Thaw();
        }
        await Eventually.TrueAsync("an order is accepted again", async _ => await PostAsync() == HttpStatusCode.Created);
        await Eventually.GetAsync("every task on the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == accepted);
        Assert.Equal(accepted, await Flock.Database.CountAsync("select count(*) from fractals", Token));

        async Task<HttpStatusCode> PostAsync()
        {
            var status = await OrderAsync();
            accepted += status == HttpStatusCode.Created ? 1 : 0;
            return status;
        }
    }

    [Fact]
    public async Task Database_that_stands_still_has_orders_refused_and_keeps_no_refused_one()
    {
        await Flock.StartApiAsync();
        Assert.Equal(HttpStatusCode.Created, await OrderAsync());
        await using (var connection = new NpgsqlConnection(Flock.Database.ConnectionString))
        {
            await connection.OpenAsync(Token);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var hold = new NpgsqlCommand("lock table fractals in exclusive mode", connection);
            await hold.ExecuteNonQueryAsync(Token);

            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => OrderAsync()));

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer));
        }
        await Eventually.TrueAsync("an order is accepted again", async _ => await OrderAsync() == HttpStatusCode.Created);
        Assert.Equal(2, await Flock.Database.CountAsync("select count(*) from fractals", Token));
        await Eventually.GetAsync("both tasks on the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == 2);
    }

    // Whoever is refused is told when to come again.
    private async Task<HttpStatusCode> OrderAsync()
    {
        using var answer = await Flock.Http.PostAsJsonAsync("v1/fractal", Orders.Quick(), FaafoJson.Default.NewFractal, Token);
        Assert.Equal(answer.StatusCode == HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
        return answer.StatusCode;
    }
}
