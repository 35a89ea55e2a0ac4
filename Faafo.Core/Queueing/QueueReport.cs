namespace Faafo.Queueing;

/// <summary>The response of <c>GET /v1/queue</c>. Null means that a value is not available at the moment.</summary>
public sealed record QueueReport
{
    /// <summary>Tasks waiting in the queue.</summary>
    public long? Ready { get; init; }

    /// <summary>Tasks held by workers.</summary>
    public long? InFlight { get; init; }

    /// <summary>Workers that receive tasks.</summary>
    public int? Consumers { get; init; }

    /// <summary>Accepted tasks that the broker has not confirmed yet.</summary>
    public long? Unpublished { get; init; }

    /// <summary>Fractals that are neither done nor failed.</summary>
    public long? Unfinished { get; init; }

    /// <summary>Seconds since the oldest unfinished fractal was accepted; null when there is none.</summary>
    public double? OldestAge { get; init; }

    /// <summary>Fractals accepted per second during the last minute.</summary>
    public double? ArrivalsPerSecond { get; init; }

    /// <summary>Fractals done or failed per second during the last minute.</summary>
    public double? CompletionsPerSecond { get; init; }

    /// <summary>Pixels times iterations of all unfinished fractals.</summary>
    public long? WorkWaiting { get; init; }

    /// <summary>Pixels times iterations finished per second during the last minute.</summary>
    public double? WorkPerSecond { get; init; }
}
