using System.Text;
using Faafo.Queueing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Faafo.TestKit.Servers;

/// <summary>The virtual host of a test, as a plain AMQP client sees it.</summary>
/// <param name="Url">The URL as the programs take it.</param>
public sealed record TestVhost(Uri Url)
{
    /// <summary>The name.</summary>
    public string Name => Url.AbsolutePath.TrimStart('/');

    /// <summary>Opens a plain connection.</summary>
    public Task<IConnection> ConnectAsync(CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = Url, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancellationToken);

    /// <summary>Counts the messages of a queue.</summary>
    public async Task<uint> CountAsync(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await channel.MessageCountAsync(queue, cancellationToken);
    }

    /// <summary>Checks whether a queue exists.</summary>
    public async Task<bool> QueueExistsAsync(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    /// <summary>Gets one message of a queue; null when it is empty.</summary>
    public async Task<BasicGetResult?> GetAsync(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await channel.BasicGetAsync(queue, autoAck: true, cancellationToken);
    }

    /// <summary>Gets all messages of the dead-letter queue: bodies and reasons.</summary>
    public async Task<IReadOnlyList<(string Body, string Reason)>> TakeDeadLettersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var dead = new List<(string, string)>();
        while (await channel.BasicGetAsync(TaskQueue.DeadLetterName, autoAck: true, cancellationToken) is { } message)
        {
            var reason = message.BasicProperties.Headers?[RabbitMqTaskQueue.ReasonHeader] as byte[] ?? [];
            dead.Add((Encoding.UTF8.GetString(message.Body.Span), Encoding.UTF8.GetString(reason)));
        }
        return dead;
    }

    /// <summary>
    /// Publishes to the exchange as the API of the original Faafo (openstack-archive/faafo) does; <paramref name="deliveryCounts"/> forges
    /// a header.
    /// </summary>
    public async Task PublishAsync(
        IEnumerable<string> bodies, CancellationToken cancellationToken, IReadOnlyList<object?>? deliveryCounts = null)
    {
        var published = 0;
        await using var connection = await ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            ContentEncoding = "utf-8",
            DeliveryMode = DeliveryModes.Persistent
        };
        foreach (var body in bodies)
        {
            if (deliveryCounts is not null)
            {
                properties.Headers = new Dictionary<string, object?> { ["x-delivery-count"] = deliveryCounts[published++] };
            }
            await channel.BasicPublishAsync(TaskQueue.Exchange, TaskQueue.Name, mandatory: true, properties, Encoding.UTF8.GetBytes(body),
                cancellationToken);
        }
    }
}
