using Faafo.Queueing;
using Xunit;

namespace Faafo.Tests.Queueing;

public sealed class TaskQueueTests
{
    [Theory]
    [InlineData("")]
    [InlineData("sqlite:")]
    [InlineData("http://host/")]
    [InlineData("queue.db")]
    public void Invalid_transport_url_is_rejected(string url)
    {
        var invalid = Assert.Throws<FormatException>(() => TaskQueue.Open(url, QueueType.Quorum, "a test", TimeProvider.System));

        Assert.Contains("amqp://", invalid.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amqp://user:secret@host:5672/")]
    [InlineData("amqps://user:secret@host/vhost")]
    public async Task Amqp_url_opens_rabbitmq_without_connecting(string url)
    {
        await using var queue = TaskQueue.Open(url, QueueType.Quorum, "a test", TimeProvider.System);

        Assert.IsType<RabbitMqTaskQueue>(queue);
    }
}
