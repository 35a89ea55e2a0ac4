namespace Faafo.Queueing;

/// <summary>What <c>GET /v1/queue</c> answers. Null means that it could not be read at this moment.</summary>
public sealed record QueueReport
{
    /// <summary>Tasks that wait in the queue.</summary>
    public long? Ready { get; init; }

    /// <summary>Tasks that workers hold.</summary>
    public long? InFlight { get; init; }

    /// <summary>Workers that listen.</summary>
    public int? Consumers { get; init; }

    /// <summary>Accepted tasks that the broker has not confirmed yet.</summary>
    public long? Unpublished { get; init; }

    /// <summary>Fractals neither done nor failed.</summary>
    public long? Unfinished { get; init; }

    /// <summary>Seconds since the oldest unfinished fractal was accepted; null when there is none.</summary>
    public double? OldestAge { get; init; }

    /// <summary>Fractals accepted per second, over the last minute.</summary>
    public double? ArrivalsPerSecond { get; init; }

    /// <summary>Fractals done or failed per second, over the last minute.</summary>
    public double? CompletionsPerSecond { get; init; }

    /// <summary>Pixels times iterations of all unfinished fractals.</summary>
    public long? WorkWaiting { get; init; }

    /// <summary>Pixels times iterations finished per second, over the last minute.</summary>
    public double? WorkPerSecond { get; init; }
}
