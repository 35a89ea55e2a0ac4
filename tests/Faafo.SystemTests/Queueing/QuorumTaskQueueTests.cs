using Faafo.Queueing;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Queueing;

/// <summary>The contract on a quorum queue, with its delivery limit.</summary>
public sealed class QuorumTaskQueueTests(TestServers servers) : RabbitMqTaskQueueTests(servers, QueueType.Quorum)
{
    [Fact]
    public async Task Message_that_is_always_returned_ends_on_the_dead_letter_queue()
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
