using System.Text;
using Faafo.Queueing;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using RabbitMQ.Client;
using Xunit;

namespace Faafo.SystemTests.Queueing;

/// <summary>The contract on a classic queue, which the original Faafo (openstack-archive/faafo) declares and shares.</summary>
public sealed class ClassicTaskQueueTests(TestServers servers) : RabbitMqTaskQueueTests(servers, QueueType.Classic)
{
    protected override bool CountsDeliveries => false;

    [Fact]
    public async Task Queue_declared_by_the_original_is_shared_with_it()
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
    public async Task Queue_declared_by_Faafo_is_accepted_by_the_original()
    {
        await PublishAsync(Open(), "task 1");
        await using var connection = await Vhost.ConnectAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);

        await DeclareAsTheOriginalAsync(channel);

        Assert.True(channel.IsOpen);
    }

    // Declares like kombu for Exchange('tasks', 'direct', durable=True) and Queue('normal', exchange, routing_key='normal').
    private static async Task DeclareAsTheOriginalAsync(IChannel channel)
    {
        await channel.ExchangeDeclareAsync("tasks", "direct", durable: true, autoDelete: false, cancellationToken: Token);
        await channel.QueueDeclareAsync("normal", durable: true, exclusive: false, autoDelete: false, cancellationToken: Token);
        await channel.QueueBindAsync("normal", "tasks", "normal", cancellationToken: Token);
    }
}
