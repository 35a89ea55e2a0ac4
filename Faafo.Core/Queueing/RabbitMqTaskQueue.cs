using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RabbitMQ.Client;

namespace Faafo.Queueing;

/// <summary>The queue on RabbitMQ (AMQP 0-9-1).</summary>
internal sealed class RabbitMqTaskQueue : ITaskQueue
{
    /// <summary>The header with the reason why a message was dead-lettered.</summary>
    public const string ReasonHeader = "x-faafo-reason";

    private readonly RabbitMqConnection _connection;
    private readonly RabbitMqPublisher _publisher;
    private readonly RabbitMqErrors _errors;

    /// <summary>Creates a queue; the connection is opened at first use.</summary>
    public RabbitMqTaskQueue(Uri uri, QueueType type, string clientName)
    {
        _connection = new RabbitMqConnection(uri, type, clientName);
        _publisher = new RabbitMqPublisher(_connection);
        _errors = _connection.Errors;
    }

    public Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken) =>
        _errors.TranslateAsync(() => _publisher.PublishAsync(messages, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<Delivery> ReceiveAsync(int prefetch, [EnumeratorCancellation] CancellationToken stop)
    {
        var consumer = await _errors.TranslateAsync(() => StartAsync(prefetch, stop), stop);
        if (consumer is null)
        {
            yield break;
        }
        try
        {
            while (await WaitToReadAsync(consumer.Deliveries, stop))
            {
                while (!stop.IsCancellationRequested && consumer.Deliveries.TryRead(out var delivery))
                {
                    yield return delivery;
                }
            }
        }
        finally
        {
            await _errors.TranslateAsync(() => consumer.CancelAsync(CancellationToken.None), CancellationToken.None);
        }
    }

    public Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken) => _errors.TranslateAsync(async () =>
    {
        // On a separate channel, because the publishing channel may be waiting for a confirm.
        await using var channel = await _connection.OpenAsync(confirms: false, cancellationToken);
        var queue = await _connection.DeclareAsync(channel, cancellationToken);
        return new QueueDepth(queue.MessageCount, null, checked((int)queue.ConsumerCount));
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _publisher.Dispose();
    }

    // Returns null if it is stopped before the consumer has started.
    private async Task<RabbitMqConsumer?> StartAsync(int prefetch, CancellationToken stop)
    {
        try
        {
            var channel = await _connection.OpenDeclaredAsync(confirms: false, stop);
            try
            {
                await channel.BasicQosAsync(0, checked((ushort)prefetch), global: false, stop);
                var consumer = new RabbitMqConsumer(_connection, _publisher, channel);
                await channel.BasicConsumeAsync(TaskQueue.Name, autoAck: false, consumer, stop);
                return consumer;
            }
            catch
            {
                // The broker may have started to send tasks, which would never be settled.
                await channel.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<bool> WaitToReadAsync(ChannelReader<Delivery> reader, CancellationToken stop)
    {
        try
        {
            return !stop.IsCancellationRequested && await reader.WaitToReadAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
