using System.Net;
using System.Net.Http.Json;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using Npgsql;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>
/// A broker or a database that is reachable but does not respond: the API rejects tasks in time and loses no accepted task.
/// </summary>
[Collection(OutageBroker.Name)]
public sealed class BackPressureTests(TestServers servers, OutageBroker outage) : FlockTest(servers)
{
    private readonly RabbitMqServer _broker = outage.Broker;

    protected override Task<TestVhost> NewVhostAsync() => outage.NewVhostAsync();

    [Fact]
    public async Task Frozen_broker_causes_rejection_at_the_limit_and_later_receives_every_accepted_task()
    {
        const int limit = 20;
        await Flock.StartApiAsync(more: ["--outbox-limit", $"{limit}"]);
        var accepted = 0;
        _broker.Freeze();
        try
        {
            await Eventually.TrueAsync("a task is rejected", async _ => await PostAndCountAsync() == HttpStatusCode.ServiceUnavailable);

            Assert.InRange(accepted, limit, 10 * limit);
            Assert.Equal(accepted, await Flock.Database.CountAsync("select count(*) from outbox", Token));
        }
        finally
        {
            _broker.Thaw();
        }
        await Eventually.TrueAsync("a task is accepted again", async _ => await PostAndCountAsync() == HttpStatusCode.Created);
        await Eventually.GetAsync("every task on the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == accepted);
        Assert.Equal(accepted, await Flock.Database.CountAsync("select count(*) from fractals", Token));

        async Task<HttpStatusCode> PostAndCountAsync()
        {
            var status = await PostTaskAsync();
            accepted += status == HttpStatusCode.Created ? 1 : 0;
            return status;
        }
    }

    [Fact]
    public async Task Locked_database_causes_rejection_and_stores_no_rejected_task()
    {
        await Flock.StartApiAsync();
        Assert.Equal(HttpStatusCode.Created, await PostTaskAsync());
        await using (var connection = new NpgsqlConnection(Flock.Database.ConnectionString))
        {
            await connection.OpenAsync(Token);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var hold = new NpgsqlCommand("lock table fractals in exclusive mode", connection);
            await hold.ExecuteNonQueryAsync(Token);

            var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => PostTaskAsync()));

            Assert.All(statuses, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        }
        await Eventually.TrueAsync("a task is accepted again", async _ => await PostTaskAsync() == HttpStatusCode.Created);
        Assert.Equal(2, await Flock.Database.CountAsync("select count(*) from fractals", Token));
        await Eventually.GetAsync("both tasks on the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == 2);
    }

    // A rejected request has a Retry-After header.
    private async Task<HttpStatusCode> PostTaskAsync()
    {
        using var response = await Flock.Http.PostAsJsonAsync("v1/fractal", TestTasks.Quick(), FaafoJson.Default.NewFractal, Token);
        Assert.Equal(response.StatusCode == HttpStatusCode.ServiceUnavailable, response.Headers.RetryAfter is not null);
        return response.StatusCode;
    }
}
