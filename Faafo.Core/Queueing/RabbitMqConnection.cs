using System.Net.Security;
using RabbitMQ.Client;

namespace Faafo.Queueing;

/// <summary>
/// One connection to a broker, opened when a channel is needed and replaced when it is closed. The client's own recovery is off: a lost
/// connection ends a sequence of tasks with an exception, and the caller decides when to retry.
/// </summary>
internal sealed class RabbitMqConnection(Uri uri, QueueType type, string clientName) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private IConnection? _connection;

    /// <summary>Translation of the client's errors.</summary>
    public RabbitMqErrors Errors { get; } = new(uri);

    /// <summary>The kind of queue to declare.</summary>
    public QueueType Type => type;

    /// <summary>Opens a channel and declares exchange and queues on it.</summary>
    /// <param name="confirms">Whether the broker confirms what is published.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public async Task<IChannel> OpenDeclaredAsync(bool confirms, CancellationToken cancellationToken)
    {
        var channel = await OpenAsync(confirms, cancellationToken);
        try
        {
            await DeclareAsync(channel, cancellationToken);
            return channel;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a channel.</summary>
    /// <param name="confirms">Whether the broker confirms what is published.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public async Task<IChannel> OpenAsync(bool confirms, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_connection is not { IsOpen: true })
            {
                if (_connection is { } closed)
                {
                    _connection = null;
                    await closed.DisposeAsync();
                }
                Errors.CertificateFault = null;
                _connection = await Factory().CreateConnectionAsync(cancellationToken);
            }
            var options = new CreateChannelOptions(confirms, confirms, outstandingPublisherConfirmationsRateLimiter: null);
            return await _connection.CreateChannelAsync(options, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Declares exchange and queues, which changes nothing where they exist, and returns the depth of the task queue.
    /// </summary>
    public async Task<QueueDeclareOk> DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(TaskQueue.Exchange, ExchangeType.Direct, durable: true, autoDelete: false,
            cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(TaskQueue.DeadLetterName, durable: true, exclusive: false, autoDelete: false,
            cancellationToken: cancellationToken);
        var queue = await channel.QueueDeclareAsync(TaskQueue.Name, durable: true, exclusive: false, autoDelete: false,
            type == QueueType.Classic ? null : QuorumArguments(), cancellationToken: cancellationToken);
        await channel.QueueBindAsync(TaskQueue.Name, TaskQueue.Exchange, TaskQueue.Name, cancellationToken: cancellationToken);
        return queue;
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
        _gate.Dispose();
    }

    private static Dictionary<string, object?> QuorumArguments() => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = TaskQueue.DeliveryLimit * 2,
        ["x-dead-letter-exchange"] = "",
        ["x-dead-letter-routing-key"] = TaskQueue.DeadLetterName,
    };

    private ConnectionFactory Factory()
    {
        var factory = new ConnectionFactory
        {
            Uri = uri,
            ClientProvidedName = clientName,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        };
        // For an amqps URL the client accepts the certificate of any host. SslStream compares the names.
        factory.Ssl.ServerName = uri.IdnHost;
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
        factory.Ssl.CertificateValidationCallback = (_, _, chain, errors) =>
        {
            Errors.CertificateFault = RabbitMqErrors.Describe(errors, chain);
            return errors == SslPolicyErrors.None;
        };
        return factory;
    }
}
