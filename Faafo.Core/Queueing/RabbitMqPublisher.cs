using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Faafo.Queueing;

/// <summary>
/// Publishes tasks and dead letters. Messages are persistent and published with confirms and the mandatory flag, so that either a message
/// is on the queue or an exception reports that it is not.
/// </summary>
internal sealed class RabbitMqPublisher(RabbitMqConnection connection) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private IChannel? _channel;

    /// <summary>Publishes tasks and returns when the broker has confirmed all of them.</summary>
    public async Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(cancellationToken);
        // Each publish completes with the broker's confirm; they run concurrently, which makes confirms affordable.
        var confirms = new List<Task>(messages.Count);
        foreach (var message in messages)
        {
            confirms.Add(channel.BasicPublishAsync(
                TaskQueue.Exchange, TaskQueue.Name, mandatory: true, Properties(null), message, cancellationToken).AsTask());
        }
        try
        {
            await Task.WhenAll(confirms);
        }
        catch (PublishException e) when (e.IsReturn)
        {
            // The queue was deleted: declare it for the next attempt.
            await connection.DeclareAsync(channel, cancellationToken);
            throw;
        }
    }

    /// <summary>Publishes a message to the dead-letter queue with a reason.</summary>
    public async Task DeadLetterAsync(ReadOnlyMemory<byte> body, string reason, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(cancellationToken);
        try
        {
            await channel.BasicPublishAsync("", TaskQueue.DeadLetterName, mandatory: true, Properties(reason), body, cancellationToken);
        }
        catch (PublishException)
        {
            // The queue may have been deleted. The message stays held: returning it would deliver it again immediately, in an endless loop.
            await connection.DeclareAsync(channel, cancellationToken);
            throw;
        }
    }

    /// <summary>Releases the lock; the connection closes the channel.</summary>
    public void Dispose() => _gate.Dispose();

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_channel is not { IsOpen: true })
            {
                _channel = await connection.OpenDeclaredAsync(confirms: true, cancellationToken);
            }
            return _channel;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static BasicProperties Properties(string? reason)
    {
        var headers = new Dictionary<string, object?>();
        if (reason is not null)
        {
            headers[RabbitMqTaskQueue.ReasonHeader] = reason;
        }
        return new BasicProperties
        {
            ContentType = "application/json",
            ContentEncoding = "utf-8",
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers,
        };
    }
}
