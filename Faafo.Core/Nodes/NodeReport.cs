using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>A heartbeat: the report of a node about itself with <c>PUT /v1/nodes/{name}</c>.</summary>
/// <param name="Interval">The seconds between two heartbeats.</param>
public sealed record NodeReport(double Interval = 5)
{
    /// <summary>The most characters of a name.</summary>
    public const int LongestName = 100;

    /// <summary>The shortest time between two heartbeats.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time between two heartbeats.</summary>
    public static readonly TimeSpan MostInterval = TimeSpan.FromHours(1);

    /// <summary>The group of the node: <c>api</c>, <c>worker</c>, <c>scaler</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Where it responds or works; for people.</summary>
    public string? Address { get; init; }

    /// <summary>The load averages of the host; null if the system has none.</summary>
    public LoadAverage? LoadAverage { get; init; }

    /// <summary>The logical processors of the host.</summary>
    public int Cpus { get; init; }

    /// <summary>The tasks that it renders at a time.</summary>
    public int Slots { get; init; }

    /// <summary>The tasks that it holds now.</summary>
    public int Busy { get; init; }

    /// <summary>The version of the program.</summary>
    public string? Version { get; init; }

    /// <summary>The start time of the program.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The current state.</summary>
    public NodeState State { get; init; }

    /// <summary>The fractals that it renders now.</summary>
    public IReadOnlyList<Guid> Tasks { get; init => field = value ?? []; } = [];     // the deserializer sets null for a missing field

    /// <summary>A note for people: the last decision of a scaler, for instance.</summary>
    public string? Note { get; init; }

    /// <summary>What an operator has to look at, from a scaler; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The sizes that flock.yaml allows each group, from a scaler; null from all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GroupLimits>? Limits { get; init; }
}
