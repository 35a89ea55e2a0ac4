using System.Text;
using Faafo.Queueing;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using RabbitMQ.Client;
using Xunit;

namespace Faafo.SystemTests.Queueing;

/// <summary>The contract of the queue on a real broker, and the behaviour specific to RabbitMQ.</summary>
public abstract class RabbitMqTaskQueueTests(TestServers servers, QueueType type) : TaskQueueContract
{
    protected TestVhost Vhost { get; private set; } = null!;

    public override async ValueTask InitializeAsync() => Vhost = await servers.NewVhostAsync();

    protected override ITaskQueue OpenQueue() => TaskQueue.Open(Vhost.Url.AbsoluteUri, type, "a test", TimeProvider.System);

    protected override Task<IReadOnlyList<(string Body, string Reason)>> ReadDeadLettersAsync() => Vhost.TakeDeadLettersAsync(Token);

    [Fact]
    public async Task Message_has_the_originals_exchange_routing_key_and_properties()
    {
        await PublishAsync(Open(), """{"uuid": "…"}""");

        var message = await Eventually.GetAsync("the message", token => Vhost.GetAsync("normal", token), message => message is not null);

        Assert.Equal(("tasks", "normal"), (message!.Exchange, message.RoutingKey));
        Assert.Equal("application/json", message.BasicProperties.ContentType);
        Assert.Equal("utf-8", message.BasicProperties.ContentEncoding);
        Assert.Equal(DeliveryModes.Persistent, message.BasicProperties.DeliveryMode);
        // The original sends no headers. These two belong to the client's confirms and to the quorum queue.
        Assert.Empty(message.BasicProperties.Headers!.Keys.Except(["x-dotnet-pub-seq-no", "x-delivery-count"]));
        Assert.Equal("""{"uuid": "…"}""", Encoding.UTF8.GetString(message.Body.Span));
    }

    [Fact]
    public async Task Queue_of_the_other_type_is_rejected_with_advice()
    {
        await PublishAsync(Open(), "task 1");
        var other = type == QueueType.Classic ? QueueType.Quorum : QueueType.Classic;
        await using var queue = TaskQueue.Open(Vhost.Url.AbsoluteUri, other, "a test", TimeProvider.System);

        var error = await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(queue, "task 2"));

        Assert.Contains("--queue-type", error.Message, StringComparison.Ordinal);
        Assert.Contains("'normal'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_queue_fails_its_consumers_and_is_declared_again()
    {
        var queue = Open();
        await using var consumer = new Consumer(queue, prefetch: 1);
        consumer.Listen();
        await Eventually.GetAsync("a consumer", queue.GetDepthAsync, depth => depth.Consumers == 1);

        await DeleteQueueAsync();

        await Assert.ThrowsAsync<QueueUnavailableException>(consumer.NextAsync);
        await using var again = new Consumer(queue, prefetch: 1);
        again.Listen();
        await Eventually.TrueAsync("the queue is back", async token => await Vhost.QueueExistsAsync(TaskQueue.Name, token));
        await PublishAsync(Open(), "task 1");
        Assert.Equal("task 1", Text(await again.NextAsync()));
    }

    [Fact]
    public async Task Unroutable_message_fails_to_publish()
    {
        var queue = Open();
        await PublishAsync(queue, "task 1");
        await DeleteQueueAsync();

        await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(queue, "task 2"));

        await PublishAsync(queue, "task 3");
        await using var consumer = new Consumer(queue, prefetch: 1);
        Assert.Equal("task 3", Text(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Message_with_a_foreign_delivery_count_is_delivered_and_blocks_no_slot()
    {
        var queue = Open();
        await queue.GetDepthAsync(Token);
        object?[] foreign = ["many", Encoding.UTF8.GetBytes("7"), -5L, long.MaxValue, 2.5, true, new List<object?> { 1 }, null];
        await Vhost.PublishAsync(foreign.Select((_, i) => $"task {i}"), Token, foreign);
        await using var consumer = new Consumer(queue, prefetch: foreign.Length);

        var first = await consumer.TakeAsync(foreign.Length);
        Assert.All(first, delivery => Assert.Equal(0, delivery.EarlierDeliveries));
        await Task.WhenAll(first.Select(delivery => delivery.ReturnAsync(Token)));
        var second = await consumer.TakeAsync(foreign.Length);
        Assert.All(second, delivery => Assert.Equal(1, delivery.EarlierDeliveries));
        await Task.WhenAll(second.Select(delivery => delivery.AcknowledgeAsync(Token)));

        await PublishAsync(queue, "task behind");
        Assert.Equal("task behind", Text(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Failed_dead_lettering_keeps_the_message_held()
    {
        var queue = Open();
        await PublishAsync(queue, "nonsense");
        await using var consumer = new Consumer(queue, prefetch: 1);
        var held = await consumer.NextAsync();
        await DeleteQueueAsync(TaskQueue.DeadLetterName);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => held.DeadLetterAsync("no good", Token));

        Assert.Equal(0, (await Open().GetDepthAsync(Token)).Ready);
        await held.DeadLetterAsync("no good", Token);
        Assert.Equal([("nonsense", "no good")], await ReadDeadLettersAsync());
    }

    [Fact]
    public async Task Wrong_password_is_reported_but_not_shown()
    {
        var url = new UriBuilder(Vhost.Url) { Password = "wrong-secret" }.Uri.AbsoluteUri;
        await using var queue = TaskQueue.Open(url, type, "a test", TimeProvider.System);

        var error = await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(queue, "task 1"));

        Assert.Contains("rejected the user name or password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_vhost_is_reported()
    {
        var url = new UriBuilder(Vhost.Url) { Path = "/elsewhere" }.Uri;
        await using var queue = TaskQueue.Open(url.AbsoluteUri, type, "a test", TimeProvider.System);

        var error = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.GetDepthAsync(Token));

        Assert.Contains("elsewhere", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(url.UserInfo.Split(':')[1], error.Message, StringComparison.Ordinal);
    }

    private async Task DeleteQueueAsync(string name = TaskQueue.Name)
    {
        await using var connection = await Vhost.ConnectAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await channel.QueueDeleteAsync(name, cancellationToken: Token);
    }
}
