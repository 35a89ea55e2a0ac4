namespace Faafo.Queueing;

/// <summary>Opens the queue of a transport URL, and defines the names that all programs share.</summary>
public static class TaskQueue
{
    /// <summary>The exchange that tasks are published to.</summary>
    public const string Exchange = "tasks";

    /// <summary>The queue and its routing key.</summary>
    public const string Name = "normal";

    /// <summary>The queue of messages that no worker can render.</summary>
    public const string DeadLetterName = "tasks.dead";

    /// <summary>
    /// Deliveries after which a task that no worker completes is dead-lettered; it may have crashed that many workers. Workers apply this
    /// limit and report the reason; RabbitMQ's own limit is higher and only the last resort.
    /// </summary>
    public const int DeliveryLimit = 10;

    /// <summary>Opens a queue without connecting to it.</summary>
    /// <param name="transportUrl"><c>amqp://user:password@host:5672/vhost</c>, <c>amqps://…</c> or <c>sqlite:PATH</c>.</param>
    /// <param name="type">The kind of queue to declare on RabbitMQ.</param>
    /// <param name="clientName">Name of the connection on the broker.</param>
    /// <param name="timeProvider">The clock for leases.</param>
    /// <exception cref="FormatException">The URL is invalid.</exception>
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
