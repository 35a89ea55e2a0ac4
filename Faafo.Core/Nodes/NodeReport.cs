using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>A heartbeat: what an instance says of itself with <c>PUT /v1/nodes/{name}</c>.</summary>
/// <param name="Interval">Seconds between two of its heartbeats.</param>
public sealed record NodeReport(double Interval = 5)
{
    /// <summary>Most characters of a node's name.</summary>
    public const int LongestName = 100;

    /// <summary>Shortest time between two heartbeats.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time between two heartbeats.</summary>
    public static readonly TimeSpan MostInterval = TimeSpan.FromHours(1);

    /// <summary>The group it belongs to: <c>api</c>, <c>worker</c>, <c>scaler</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Where it answers or works; for people.</summary>
    public string? Address { get; init; }

    /// <summary>The host's load averages; null where the system keeps none.</summary>
    public LoadAverage? LoadAverage { get; init; }

    /// <summary>Logical processors of the host.</summary>
    public int Cpus { get; init; }

    /// <summary>Tasks it works on at a time.</summary>
    public int Slots { get; init; }

    /// <summary>Tasks it holds now.</summary>
    public int Busy { get; init; }

    /// <summary>The program's version.</summary>
    public string? Version { get; init; }

    /// <summary>When the program started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>What it does now.</summary>
    public NodeState State { get; init; }

    /// <summary>The fractals that it draws at this moment.</summary>
    public IReadOnlyList<Guid> Tasks { get; init => field = value ?? []; } = [];     // left out, the reader sets null

    /// <summary>A word to people: the scaler's last decision, for instance.</summary>
    public string? Note { get; init; }

    /// <summary>Of a scaler, how many instances flock.yaml allows each group; null of all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupLimits>? Limits { get; init; }
}
