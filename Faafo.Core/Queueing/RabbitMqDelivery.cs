using RabbitMQ.Client;

namespace Faafo.Queueing;

/// <summary>A message that was received on a channel and is settled there.</summary>
internal sealed class RabbitMqDelivery(RabbitMqErrors errors, RabbitMqPublisher publisher, IChannel channel, ulong deliveryTag) : Delivery
{
    public override Task AcknowledgeAsync(CancellationToken cancellationToken) => errors.TranslateAsync(
        async () => await channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken), cancellationToken);

    public override Task ReturnAsync(CancellationToken cancellationToken) => errors.TranslateAsync(
        async () => await channel.BasicNackAsync(deliveryTag, multiple: false, requeue: true, cancellationToken), cancellationToken);

    public override Task DeadLetterAsync(string reason, CancellationToken cancellationToken) => errors.TranslateAsync(async () =>
    {
        await publisher.DeadLetterAsync(Body, reason, cancellationToken);
        await channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken);
    }, cancellationToken);
}
