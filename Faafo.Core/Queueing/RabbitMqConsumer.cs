using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Faafo.Queueing;

/// <summary>A consumer on a channel of its own. The client calls its methods one after another, in the order of the wire.</summary>
internal sealed class RabbitMqConsumer(RabbitMqConnection connection, RabbitMqPublisher publisher, IChannel channel)
    : AsyncDefaultBasicConsumer(channel)
{
    private readonly Channel<Delivery> _deliveries =
        System.Threading.Channels.Channel.CreateUnbounded<Delivery>(new() { SingleReader = true });

    private volatile bool _isBroken;

    /// <summary>The received messages.</summary>
    public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

    /// <summary>
    /// Cancels the consumer and returns the messages that were not handed out; all of them have arrived when the broker confirms the
    /// cancellation.
    /// </summary>
    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        if (_isBroken)
        {
            await Channel.CloseAsync(cancellationToken);     // the broker requeues what this channel holds
        }
        if (_deliveries.Reader.Completion.IsCompleted)
        {
            return;     // the broker has ended the consumer
        }
        await Channel.BasicCancelAsync(ConsumerTags.Single(), noWait: false, cancellationToken);
        await foreach (var waiting in _deliveries.Reader.ReadAllAsync(cancellationToken))
        {
            await waiting.ReturnAsync(cancellationToken);
        }
    }

    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        try
        {
            _deliveries.Writer.TryWrite(new RabbitMqDelivery(connection.Errors, publisher, Channel, deliveryTag)
            {
                Body = body.ToArray(),      // the client reuses the memory after this call
                EarlierDeliveries = EarlierDeliveries(properties, redelivered),
            });
        }
        catch (Exception e)
        {
            // The client swallows exceptions, and the message would occupy a place of the prefetch forever.
            _isBroken = true;
            _deliveries.Writer.TryComplete(new QueueUnavailableException($"receiving a message failed: {e.Message}", e));
        }
        return Task.CompletedTask;
    }

    public override Task HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _deliveries.Writer.TryComplete();
        return base.HandleBasicCancelOkAsync(consumerTag, cancellationToken);
    }

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        _deliveries.Writer.TryComplete(new QueueUnavailableException("the queue was deleted on the broker"));
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        _deliveries.Writer.TryComplete(new QueueUnavailableException($"the broker closed the channel: {reason.ReplyText}"));
        return base.HandleChannelShutdownAsync(channel, reason);
    }

    // Quorum queues count deliveries in a header, which they set when a message is returned; classic queues only flag a redelivery. On a
    // first delivery, and on a classic queue, the header comes from the publisher and can be anything.
    private int EarlierDeliveries(IReadOnlyBasicProperties properties, bool redelivered)
    {
        if (!redelivered)
        {
            return 0;
        }
        object? header = null;
        if (connection.Type == QueueType.Quorum)
        {
            properties.Headers?.TryGetValue("x-delivery-count", out header);
        }
        var count = header switch { long wide => wide, int whole => whole, short small => small, byte tiny => tiny, _ => 1 };
        return (int)Math.Clamp(count, 1, int.MaxValue);
    }
}
