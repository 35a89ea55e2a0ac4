using System.Text;
using Faafo.Queueing;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Servers;
using RabbitMQ.Client;
using Xunit;

namespace Faafo.SystemTests.Queueing;

/// <summary>The contract on a real broker, and what RabbitMQ adds to it.</summary>
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
        // The original's headers are empty; these two are the client's for its confirms and the quorum queue's own.
        Assert.Empty(message.BasicProperties.Headers!.Keys.Except(["x-dotnet-pub-seq-no", "x-delivery-count"]));
        Assert.Equal("""{"uuid": "…"}""", Encoding.UTF8.GetString(message.Body.Span));
    }

    [Fact]
    public async Task Queue_of_the_other_type_is_refused_with_the_way_out()
    {
        await PublishAsync(Open(), "task 1");
        var other = type == QueueType.Classic ? QueueType.Quorum : QueueType.Classic;
        await using var queue = TaskQueue.Open(Vhost.Url.AbsoluteUri, other, "a test", TimeProvider.System);

        var refused = await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(queue, "task 2"));

        Assert.Contains("--queue-type", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'normal'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_that_is_deleted_ends_its_consumers_with_an_exception_and_comes_back()
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
    public async Task Message_that_finds_no_queue_is_not_taken_for_published()
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
    public async Task Message_with_a_foreign_delivery_count_is_delivered_and_holds_no_place()
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
    public async Task Dead_letter_that_is_not_taken_leaves_the_message_held()
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
    public async Task Wrong_password_is_said_and_not_shown()
    {
        var url = new UriBuilder(Vhost.Url) { Password = "wrong-secret" }.Uri.AbsoluteUri;
        await using var queue = TaskQueue.Open(url, type, "a test", TimeProvider.System);

        var refused = await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(queue, "task 1"));

        Assert.Contains("refused the user name or password", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_vhost_is_said()
    {
        var url = new UriBuilder(Vhost.Url) { Path = "/elsewhere" }.Uri;
        await using var queue = TaskQueue.Open(url.AbsoluteUri, type, "a test", TimeProvider.System);

        var refused = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.GetDepthAsync(Token));

        Assert.Contains("elsewhere", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(url.UserInfo.Split(':')[1], refused.Message, StringComparison.Ordinal);
    }

    private async Task DeleteQueueAsync(string name = TaskQueue.Name)
    {
        await using var connection = await Vhost.ConnectAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await channel.QueueDeleteAsync(name, cancellationToken: Token);
    }
}

public sealed class QuorumTaskQueueTests(TestServers servers) : RabbitMqTaskQueueTests(servers, QueueType.Quorum)
{
    [Fact]
    public async Task Message_that_comes_back_for_ever_ends_on_the_dead_letter_queue()
    {
        var queue = Open();
        await PublishAsync(queue, "poison", "task 2");
        await using var consumer = new Consumer(queue, prefetch: 1);

        var deliveries = 0;
        while (await consumer.NextAsync() is var delivery && Text(delivery) == "poison")
        {
            Assert.Equal(deliveries++, delivery.EarlierDeliveries);
            await delivery.ReturnAsync(Token);
        }

        Assert.Equal(TaskQueue.DeliveryLimit * 2 + 1, deliveries);
        await Eventually.GetAsync("a dead letter", token => Vhost.CountAsync(TaskQueue.DeadLetterName, token), count => count == 1);
    }
}

public sealed class ClassicTaskQueueTests(TestServers servers) : RabbitMqTaskQueueTests(servers, QueueType.Classic)
{
    protected override bool CountsDeliveries => false;

    [Fact]
    public async Task Queue_that_the_original_declared_is_shared_with_it()
    {
        await using var connection = await Vhost.ConnectAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await DeclareAsTheOriginalAsync(channel);
        await Vhost.PublishAsync(["from the original"], Token);
        var queue = Open();

        await PublishAsync(queue, "from us");

        await using var consumer = new Consumer(queue, prefetch: 1);
        var first = await consumer.NextAsync();
        Assert.Equal("from the original", Text(first));
        await first.AcknowledgeAsync(Token);
        await consumer.StopAsync();
        var second = await Eventually.GetAsync("our message", token => Vhost.GetAsync("normal", token), message => message is not null);
        Assert.Equal("from us", Encoding.UTF8.GetString(second!.Body.Span));
    }

    [Fact]
    public async Task Queue_that_we_declared_is_the_originals_too()
    {
        await PublishAsync(Open(), "task 1");
        await using var connection = await Vhost.ConnectAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);

        await DeclareAsTheOriginalAsync(channel);

        Assert.True(channel.IsOpen);
    }

    // What kombu sends for Exchange('tasks', 'direct', durable=True) and Queue('normal', exchange, routing_key='normal').
    private static async Task DeclareAsTheOriginalAsync(IChannel channel)
    {
        await channel.ExchangeDeclareAsync("tasks", "direct", durable: true, autoDelete: false, cancellationToken: Token);
        await channel.QueueDeclareAsync("normal", durable: true, exclusive: false, autoDelete: false, cancellationToken: Token);
        await channel.QueueBindAsync("normal", "tasks", "normal", cancellationToken: Token);
    }
}
