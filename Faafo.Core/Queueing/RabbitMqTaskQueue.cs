using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Faafo.Queueing;

/// <summary>
/// The queue on RabbitMQ (AMQP 0-9-1). Messages are persistent, published with confirms and the mandatory flag, so that a message
/// is either on the queue or an exception says that it is not. The client's own recovery is off: a lost connection ends the
/// sequence with an exception, and the caller decides when to come again.
/// </summary>
internal sealed partial class RabbitMqTaskQueue(Uri uri, QueueType type, string clientName) : ITaskQueue
{
    /// <summary>Header that says why a message was dead-lettered.</summary>
    public const string ReasonHeader = "x-faafo-reason";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly SemaphoreSlim _publishingGate = new(1);
    private IConnection? _connection;
    private volatile string? _certificateFault;
    private IChannel? _publishing;

    public async Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken)
    {
        await Guarded(async () =>
        {
            var channel = await PublishingChannel(cancellationToken);
            // Each task ends with the broker's confirm; they are under way together, which is what makes confirms affordable.
            var confirms = new List<Task>(messages.Count);
            foreach (var message in messages)
            {
                confirms.Add(channel.BasicPublishAsync(TaskQueue.Exchange, TaskQueue.Name, mandatory: true, Properties(null), message,
                    cancellationToken).AsTask());
            }
            try
            {
                await Task.WhenAll(confirms);
            }
            catch (PublishException e) when (e.IsReturn)
            {
                // Somebody has deleted the queue: the next try is to find one.
                await DeclareAsync(channel, cancellationToken);
                throw;
            }
        }, cancellationToken);
    }

    public async IAsyncEnumerable<Delivery> ReceiveAsync(int prefetch, [EnumeratorCancellation] CancellationToken stop)
    {
        if (await StartAsync(prefetch, stop) is not { } consumer)
        {
            yield break;
        }
        try
        {
            while (await MoreAsync(consumer.Deliveries, stop))
            {
                while (!stop.IsCancellationRequested && consumer.Deliveries.TryRead(out var delivery))
                {
                    yield return delivery;
                }
            }
        }
        finally
        {
            await Guarded(consumer.LeaveAsync, CancellationToken.None);
        }
    }

    public Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken) => Guarded(async () =>
    {
        // A channel of its own: publishing may be waiting for a confirm.
        await using var channel = await OpenChannel(confirms: false, cancellationToken);
        var queue = await DeclareAsync(channel, cancellationToken);
        return new QueueDepth(queue.MessageCount, null, checked((int)queue.ConsumerCount));
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
        _gate.Dispose();
        _publishingGate.Dispose();
    }

    private Task<Consumer?> StartAsync(int prefetch, CancellationToken stop) => Guarded(async () =>
    {
        try
        {
            var channel = await OpenDeclared(confirms: false, stop);
            try
            {
                await channel.BasicQosAsync(0, checked((ushort)prefetch), global: false, stop);
                var consumer = new Consumer(this, channel);
                await channel.BasicConsumeAsync(TaskQueue.Name, autoAck: false, consumer, stop);
                return consumer;
            }
            catch
            {
                // The broker may have begun to send tasks, which nobody would take.
                await channel.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }, stop);

    private static async Task<bool> MoreAsync(ChannelReader<Delivery> reader, CancellationToken stop)
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

    private static BasicProperties Properties(string? reason) => new()
    {
        ContentType = "application/json",
        ContentEncoding = "utf-8",
        DeliveryMode = DeliveryModes.Persistent,
        Headers = reason is null ? new Dictionary<string, object?>() : new Dictionary<string, object?> { [ReasonHeader] = reason },
    };

    private async Task<IChannel> PublishingChannel(CancellationToken cancellationToken)
    {
        await _publishingGate.WaitAsync(cancellationToken);
        try
        {
            return _publishing is { IsOpen: true } open ? open : _publishing = await OpenDeclared(confirms: true, cancellationToken);
        }
        finally
        {
            _publishingGate.Release();
        }
    }

    private async Task<IChannel> OpenDeclared(bool confirms, CancellationToken cancellationToken)
    {
        var channel = await OpenChannel(confirms, cancellationToken);
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

    private async Task<IChannel> OpenChannel(bool confirms, CancellationToken cancellationToken)
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
                _certificateFault = null;
                _connection = await Factory().CreateConnectionAsync(cancellationToken);
            }
            return await _connection.CreateChannelAsync(
                new CreateChannelOptions(confirms, confirms, outstandingPublisherConfirmationsRateLimiter: null), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

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
        // For an amqps URL the client accepts the certificate of any other host. The names are compared by SslStream.
        factory.Ssl.ServerName = uri.IdnHost;
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
        factory.Ssl.CertificateValidationCallback = (_, _, chain, errors) =>
        {
            _certificateFault = CertificateFault(errors, chain);
            return errors == SslPolicyErrors.None;
        };
        return factory;
    }

    private static string? CertificateFault(SslPolicyErrors errors, X509Chain? chain)
    {
        var faults = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            faults.Add("it shows no certificate");
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            faults.Add("its certificate is for another host");
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var statuses = chain?.ChainStatus.Select(status => status.Status.ToString()).Distinct().ToArray() ?? [];
            faults.Add($"its certificate is not trusted ({string.Join(", ", statuses)}); SSL_CERT_FILE can name its authority");
        }
        return faults.Count == 0 ? null : string.Join("; ", faults);
    }

    // Declaring what exists changes nothing; it also tells how deep the queue is.
    private async Task<QueueDeclareOk> DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(TaskQueue.Exchange, ExchangeType.Direct, durable: true, autoDelete: false,
            cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(TaskQueue.DeadLetterName, durable: true, exclusive: false, autoDelete: false,
            cancellationToken: cancellationToken);
        var queue = await channel.QueueDeclareAsync(TaskQueue.Name, durable: true, exclusive: false, autoDelete: false,
            type == QueueType.Classic ? null : new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = TaskQueue.DeliveryLimit * 2,
                ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-routing-key"] = TaskQueue.DeadLetterName,
            }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(TaskQueue.Name, TaskQueue.Exchange, TaskQueue.Name, cancellationToken: cancellationToken);
        return queue;
    }

    private Task<bool> Guarded(Func<Task> action, CancellationToken cancellationToken) => Guarded(async () =>
    {
        await action();
        return true;
    }, cancellationToken);

    private async Task<T> Guarded<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            throw new QueueUnavailableException($"the broker has a queue or exchange declared otherwise ({e.ShutdownReason.ReplyText}): "
                + "choose the other --queue-type, or delete it there", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // How the client says that the broker did not answer in time: a quorum queue without a leader, for instance.
            throw new QueueUnavailableException($"RabbitMQ at {Address}: no answer", e);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or ObjectDisposedException or System.Net.Sockets.SocketException
            or TimeoutException)
        {
            // The client's own message can hold the URL; host and port are enough.
            throw new QueueUnavailableException($"RabbitMQ at {Address}: {Reason(e)}", e);
        }
    }

    private string Address => $"{uri.Host}:{(uri.Port > 0 ? uri.Port : uri.Scheme == "amqps" ? 5671 : 5672)}";

    private string Reason(Exception e) => e switch
    {
        BrokerUnreachableException when _certificateFault is { } fault => fault,
        PublishException { IsReturn: true } => "returned the message as undeliverable",
        PublishException => "did not confirm the message",
        AuthenticationFailureException => "refused the user name or password",
        BrokerUnreachableException { InnerException: AuthenticationFailureException } => "refused the user name or password",
        BrokerUnreachableException => "not reachable",
        _ => e.Message,
    };
}
