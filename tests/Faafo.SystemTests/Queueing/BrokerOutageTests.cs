using System.Collections.Concurrent;
using System.Text;
using Faafo.Queueing;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Queueing;

/// <summary>A broker that stops and starts again.</summary>
[Collection(OutageBroker.Name)]
public sealed class BrokerOutageTests(OutageBroker outage) : IAsyncLifetime
{
    private readonly RabbitMqServer _broker = outage.Broker;
    private TestVhost _vhost = null!;

    public async ValueTask InitializeAsync() => _vhost = await outage.NewVhostAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broker_outage_loses_no_task()
    {
        await using var queue = TaskQueue.Open(_vhost.Url.AbsoluteUri, QueueType.Quorum, "a test", TimeProvider.System);
        await queue.PublishAsync([Utf8("task 1"), Utf8("task 2")], Token);
        await using var consumer = new Consumer(queue, prefetch: 1);
        var held = await consumer.NextAsync();
        consumer.Listen();
        await _broker.QueueOnDiskAsync(_vhost, TaskQueue.Name);

        await _broker.KillAsync();

        AssertNamesBroker(await Assert.ThrowsAsync<QueueUnavailableException>(consumer.NextAsync), withAddress: false);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => held.AcknowledgeAsync(Token));
        AssertNamesBroker(await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync([Utf8("task 3")], Token)));
        AssertNamesBroker(await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.GetDepthAsync(Token)));
        await using var other = new Consumer(queue, prefetch: 1);
        AssertNamesBroker(await Assert.ThrowsAsync<QueueUnavailableException>(other.NextAsync));

        await _broker.StartAgainAsync();

        // A quorum queue rejects consumers for a moment after a start; retry.
        var (again, first) = (await Eventually.GetAsync("a task", _ => TryReceiveAsync(queue), received => received is not null))!.Value;
        await using var _ = again;
        var second = await again.NextAsync();
        // The order depends on how soon the broker notices that the consumer of task 1 is gone.
        Delivery[] tasks = [.. new[] { first, second }.OrderBy(Text)];
        Assert.Equal(["task 1", "task 2"], tasks.Select(Text));
        Assert.True(tasks[0].EarlierDeliveries >= 1, "task 1 was delivered before");
        await Eventually.TrueAsync("the broker confirms", _ => TryPublishAsync(queue, "task 4"));
        Assert.Equal("task 4", Text(await again.NextAsync()));
    }

    [Fact]
    public async Task Publish_interrupted_by_a_broker_stop_fails_and_no_confirmed_message_is_lost()
    {
        await using var queue = TaskQueue.Open(_vhost.Url.AbsoluteUri, QueueType.Quorum, "a test", TimeProvider.System);
        var confirmed = new ConcurrentQueue<string>();
        var publishing = Task.Run(async () =>
        {
            for (var n = 0; ; n++)
            {
                await queue.PublishAsync([Utf8($"task {n}")], Token);
                confirmed.Enqueue($"task {n}");
            }
        }, Token);
        await Eventually.TrueAsync("some are confirmed", _ => Task.FromResult(confirmed.Count > 20));

        await _broker.StopAsync(Token);

        AssertNamesBroker(await Assert.ThrowsAsync<QueueUnavailableException>(() => publishing.WaitAsync(TimeSpan.FromSeconds(30), Token)));
        await _broker.StartAgainAsync();
        var (consumer, first) = (await Eventually.GetAsync("a task", _ => TryReceiveAsync(queue), received => received is not null))!.Value;
        await using var _ = consumer;
        var seen = new List<string> { Text(first) };
        await first.AcknowledgeAsync(Token);
        while (seen.Count < confirmed.Count)
        {
            var delivery = await consumer.NextAsync();
            seen.Add(Text(delivery));
            await delivery.AcknowledgeAsync(Token);
        }
        Assert.Equal(confirmed, seen);
    }

    private static async Task<bool> TryPublishAsync(ITaskQueue queue, string text)
    {
        try
        {
            await queue.PublishAsync([Utf8(text)], Token);
            return true;
        }
        catch (QueueUnavailableException)
        {
            return false;
        }
    }

    private static async Task<(Consumer Consumer, Delivery First)?> TryReceiveAsync(ITaskQueue queue)
    {
        var consumer = new Consumer(queue, prefetch: 3);
        try
        {
            return (consumer, await consumer.NextAsync());
        }
        catch (QueueUnavailableException)
        {
            await consumer.DisposeAsync();
            return null;
        }
    }

    private static string Text(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private void AssertNamesBroker(QueueUnavailableException error, bool withAddress = true)
    {
        Assert.DoesNotContain(_vhost.Url.UserInfo.Split(':')[1], error.Message, StringComparison.Ordinal);
        if (withAddress)
        {
            Assert.Contains($"127.0.0.1:{_vhost.Url.Port}", error.Message, StringComparison.Ordinal);
        }
    }
}
