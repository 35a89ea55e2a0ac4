namespace Faafo.Queueing;

/// <summary>Opens the queue that a transport URL names, and holds the names of the wire.</summary>
public static class TaskQueue
{
    /// <summary>The exchange that tasks are published to.</summary>
    public const string Exchange = "tasks";

    /// <summary>The queue, and the routing key that leads to it.</summary>
    public const string Name = "normal";

    /// <summary>Where messages go that no worker can draw.</summary>
    public const string DeadLetterName = "tasks.dead";

    /// <summary>
    /// Deliveries after which a task that always comes back is given up: it has then taken that many workers with it. Workers give
    /// up first and say why; RabbitMQ's own limit is higher and only the last resort.
    /// </summary>
    public const int DeliveryLimit = 10;

    /// <summary>Opens a queue; nothing is connected yet.</summary>
    /// <param name="transportUrl"><c>amqp://user:password@host:5672/vhost</c>, <c>amqps://…</c> or <c>sqlite:PATH</c>.</param>
    /// <param name="type">How to declare it on RabbitMQ.</param>
    /// <param name="clientName">What the broker shows as the connection's name.</param>
    /// <param name="timeProvider">The clock of leases.</param>
    /// <exception cref="FormatException">The URL is neither.</exception>
    public static ITaskQueue Open(string transportUrl, QueueType type, string clientName, TimeProvider timeProvider)
    {
        if (transportUrl.StartsWith("sqlite:", StringComparison.Ordinal) && transportUrl.Length > "sqlite:".Length)
        {
            return new SqliteTaskQueue(transportUrl["sqlite:".Length..], timeProvider);
        }
        if (Uri.TryCreate(transportUrl, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps")
        {
            return new RabbitMqTaskQueue(uri!, type, clientName);
        }
        throw new FormatException("transport-url must be amqp://user:password@host:port/vhost, amqps://... or sqlite:PATH");
    }
}
