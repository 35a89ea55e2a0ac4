using System.Collections.Concurrent;
using Faafo.Api;
using Faafo.Api.Database;
using Faafo.Api.Fractals;
using Faafo.Api.Outbox;
using Faafo.Api.Queue;
using Faafo.Fractals;
using Faafo.Options;
using Faafo.Queueing;
using Faafo.Storage;
using Faafo.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Api;

/// <summary>Several APIs share one SQLite file: each accepted task is published once, also when one of them dies.</summary>
public sealed class OutboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-outbox-").FullName;
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StateDirectory State => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Entries_that_one_api_publishes_are_skipped_by_another()
    {
        await using var one = await OpenAsync(_time);
        await using var other = await OpenAsync(_time);
        await FillAsync(one, 7);
        var gate = new TaskCompletionSource();
        var first = new List<long>();

        var publishing = one.Outbox.WithBatchAsync(5, async entries =>
        {
            first.AddRange(entries.Select(entry => entry.Id));
            await gate.Task;
        }, Token);
        var second = await PublishAsync(other, 5);
        Assert.Empty(await PublishAsync(other, 5));
        gate.SetResult();

        Assert.Equal(5, await publishing);
        Assert.Equal([1, 2, 3, 4, 5], first);
        Assert.Equal([6, 7], second);
        Assert.Equal(0, (await one.Statistics.GetBacklogAsync(Token)).Unpublished);
    }

    [Fact]
    public async Task Concurrent_publishers_publish_each_entry_once_and_in_order()
    {
        await using var one = await OpenAsync(TimeProvider.System);
        await using var other = await OpenAsync(TimeProvider.System);
        await FillAsync(one, 2000);
        var published = new ConcurrentQueue<long>();

        await Task.WhenAll(Enumerable.Repeat(one, 2).Append(other).Append(other).Select(database => Task.Run(async () =>
        {
            while (await database.Outbox.WithBatchAsync(20, async entries =>
            {
                Assert.Equal(entries.Select(entry => entry.Id).Order(), entries.Select(entry => entry.Id));
                await Task.Yield();
                foreach (var entry in entries)
                {
                    published.Enqueue(entry.Id);
                }
            }, Token) > 0)
            {
            }
        }, Token)));

        Assert.Equal(Enumerable.Range(1, 2000).Select(id => (long)id), published.Order());
        Assert.Equal(0, (await other.Statistics.GetBacklogAsync(Token)).Unpublished);
    }

    [Fact]
    public async Task Entries_of_a_killed_api_are_published_by_another_when_its_claim_has_expired()
    {
        // The clock of the first one stands still, so it does not renew its claim, like a killed process.
        await using var killed = await OpenAsync(new FakeTimeProvider());
        await using var other = await OpenAsync(_time);
        await FillAsync(killed, 3);
        var never = new TaskCompletionSource();
        var lost = killed.Outbox.WithBatchAsync(500, _ => never.Task, Token);

        Assert.Empty(await PublishAsync(other, 500));
        _time.Advance(SqliteOutbox.Lease + TimeSpan.FromMilliseconds(1));
        Assert.Equal([1, 2, 3], await PublishAsync(other, 500));

        Assert.Equal(0, (await other.Statistics.GetBacklogAsync(Token)).Unpublished);
        never.SetResult();
        await lost;
    }

    [Fact]
    public async Task Claim_is_renewed_while_its_holder_waits_for_the_queue()
    {
        await using var one = await OpenAsync(_time);
        await using var other = await OpenAsync(_time);
        await FillAsync(one, 3);
        var gate = new TaskCompletionSource();
        var publishing = one.Outbox.WithBatchAsync(500, _ => gate.Task, Token);

        for (var step = 0; step < 9; step++)
        {
            var before = ClaimEnd();
            _time.Advance(SqliteOutbox.Lease / 3);
            await Eventually.GetAsync("a renewed claim", _ => Task.FromResult(ClaimEnd()), end => end > before);
            Assert.Empty(await PublishAsync(other, 500));
        }
        gate.SetResult();

        Assert.Equal(3, await publishing);
        Assert.Equal(0, (await other.Statistics.GetBacklogAsync(Token)).Unpublished);
    }

    [Fact]
    public async Task Entries_that_the_queue_rejected_are_available_to_every_api_at_once()
    {
        await using var one = await OpenAsync(_time);
        await using var other = await OpenAsync(_time);
        await FillAsync(one, 3);

        await Assert.ThrowsAsync<QueueUnavailableException>(
            () => one.Outbox.WithBatchAsync(500, _ => Task.FromException(new QueueUnavailableException("unreachable")), Token));

        Assert.Equal([1, 2, 3], await PublishAsync(other, 500));
    }

    [Fact]
    public async Task Two_apis_on_one_file_publish_as_many_messages_as_they_accept()
    {
        const int each = 300;
        await using var one = await StartApiAsync("api-1");
        await using var other = await StartApiAsync("api-2");
        IFaafoApi[] clients = [.. new[] { one, other }.Select(api => FaafoClient.Connect(new Uri(api.Urls.Single())))];

        await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, each).Select(_ => client.CreateAsync(
            new NewFractal(Guid.NewGuid(), 4, 3, 10, -1, 1, -1, 1) { Cx = 0.3, Cy = 0.4 }, Token))));
        await using var database = await OpenAsync(_time);
        await Eventually.TrueAsync("everything is published", async token =>
            (await database.Statistics.GetBacklogAsync(token)).Unpublished == 0);
        await one.StopAsync(Token);
        await other.StopAsync(Token);

        await using var queue = TaskQueue.Open(State.TransportUrl, QueueType.Quorum, "a test", _time);
        Assert.Equal(2 * each, (await queue.GetDepthAsync(Token)).Ready);
    }

    private async Task<Stores> OpenAsync(TimeProvider time)
    {
        var database = FaafoDatabase.Open(State.DatabaseUrl);
        await database.MigrateAsync(Token);
        return new Stores(database, OutboxStore.Of(database, time));
    }

    private async Task<Microsoft.AspNetCore.Builder.WebApplication> StartApiAsync(string name)
    {
        var api = ApiHost.Build(new ApiOptions("http://127.0.0.1:0", State.TransportUrl, QueueType.Quorum, State.DatabaseUrl,
            State.ImageStoreUrl, ImageRedirect: false, name, TimeSpan.FromSeconds(5)));
        await ApiHost.StartAsync(api, Token);
        return api;
    }

    private static async Task FillAsync(Stores stores, int count) =>
        await FractalStore.Of(stores.Database).InsertAsync(
            [.. Enumerable.Repeat(Example, count).Select(task => task with { Uuid = Guid.NewGuid() })], DateTimeOffset.UnixEpoch, Token);

    private static readonly FractalTask Example = SampleTasks.Create();

    private static async Task<List<long>> PublishAsync(Stores stores, int most)
    {
        var published = new List<long>();
        await stores.Outbox.WithBatchAsync(most, entries =>
        {
            published.AddRange(entries.Select(entry => entry.Id));
            return Task.CompletedTask;
        }, Token);
        return published;
    }

    private long ClaimEnd()
    {
        using var connection = SqliteFile.Open(State.DatabaseUrl["sqlite:".Length..], durable: false);
        return connection.Scalar<long>("select max(claimed_until) from outbox_claims");
    }

    // The database as one API sees it.
    private sealed record Stores(FaafoDatabase Database, OutboxStore Outbox) : IAsyncDisposable
    {
        public QueueStatistics Statistics { get; } = new(Database);

        public async ValueTask DisposeAsync()
        {
            await ((IAsyncDisposable)Outbox).DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
