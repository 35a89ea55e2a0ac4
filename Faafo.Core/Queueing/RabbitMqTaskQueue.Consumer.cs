using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Faafo.Queueing;

internal sealed partial class RabbitMqTaskQueue
{
    // Quorum queues count deliveries in a header, which they set when a message returns; classic queues only tell a redelivery from a
    // first one. On a first delivery, and on a classic queue, the header is the publisher's and can be anything.
    private int EarlierDeliveries(IReadOnlyBasicProperties properties, bool redelivered)
    {
        object? header = null;
        if (redelivered && type == QueueType.Quorum)
        {
            properties.Headers?.TryGetValue("x-delivery-count", out header);
        }
        var count = header switch { long wide => wide, int whole => whole, short small => small, byte tiny => tiny, _ => 1 };
        return redelivered ? (int)Math.Clamp(count, 1, int.MaxValue) : 0;
    }

    // The client calls these methods one after another, in the order of the wire.
    private sealed class Consumer(RabbitMqTaskQueue queue, IChannel channel) : AsyncDefaultBasicConsumer(channel)
    {
        private readonly Channel<Delivery> _deliveries = System.Threading.Channels.Channel.CreateUnbounded<Delivery>(new() { SingleReader = true });
        private volatile bool _broken;

        public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

        /// <summary>Takes nothing more and gives back what was not handed out; all of it has come when the cancel is confirmed.</summary>
        public async Task LeaveAsync()
        {
            if (_broken)
            {
                await Channel.CloseAsync();     // the broker takes back what this channel holds
            }
            if (_deliveries.Reader.Completion.IsCompleted)
            {
                return;     // the broker has ended it
            }
            await Channel.BasicCancelAsync(ConsumerTags.Single());
            await foreach (var left in _deliveries.Reader.ReadAllAsync())
            {
                await left.ReturnAsync(CancellationToken.None);
            }
        }

        public override Task HandleBasicDeliverAsync(string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            try
            {
                _deliveries.Writer.TryWrite(new RabbitMqDelivery(queue, Channel, deliveryTag)
                {
                    Body = body.ToArray(),      // the memory belongs to the client and ends with this call
                    EarlierDeliveries = queue.EarlierDeliveries(properties, redelivered),
                });
            }
            catch (Exception e)
            {
                // The client drops what is thrown here, and the message would hold a place of the prefetch for ever.
                _broken = true;
                _deliveries.Writer.TryComplete(new QueueUnavailableException($"a message could not be received: {e.Message}", e));
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
    }

    private sealed class RabbitMqDelivery(RabbitMqTaskQueue queue, IChannel channel, ulong deliveryTag) : Delivery
    {
        public override Task AcknowledgeAsync(CancellationToken cancellationToken) =>
            queue.Guarded(async () => await channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken), cancellationToken);

        public override Task ReturnAsync(CancellationToken cancellationToken) =>
            queue.Guarded(async () => await channel.BasicNackAsync(deliveryTag, multiple: false, requeue: true, cancellationToken), cancellationToken);

        public override Task DeadLetterAsync(string reason, CancellationToken cancellationToken) => queue.Guarded(async () =>
        {
            var publishing = await queue.PublishingChannel(cancellationToken);
            try
            {
                await publishing.BasicPublishAsync("", TaskQueue.DeadLetterName, mandatory: true, Properties(reason), Body, cancellationToken);
            }
            catch (PublishException)
            {
                // The queue may have been deleted. The message stays held: a return at once would bring it back at once, for ever.
                await queue.DeclareAsync(publishing, cancellationToken);
                throw;
            }
            await channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken);
        }, cancellationToken);
    }
}
