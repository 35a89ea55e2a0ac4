using System.Text.Json.Serialization;

namespace Faafo.Nodes;

/// <summary>What a node does at the moment.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>Takes work.</summary>
    Ready,

    /// <summary>Takes nothing new and finishes what it holds.</summary>
    Draining,

    /// <summary>Has said good-bye: holds nothing and can be deleted.</summary>
    Left,

    /// <summary>Has missed three heartbeats; only the API says this of a node.</summary>
    Stale,
}

/// <summary>Host load averages over 1, 5 and 15 minutes: processes running or waiting for a cpu.</summary>
public sealed record LoadAverage(double One, double Five, double Fifteen);

/// <summary>What <c>GET /load</c> answers: the load of the host that the API runs on.</summary>
/// <param name="LoadAverage">Null where the system keeps none.</param>
/// <param name="Cpus">Logical processors.</param>
public sealed record LoadReport(LoadAverage? LoadAverage, int Cpus);

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

/// <summary>How many instances a group may have.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Min">Fewest, 0 or more.</param>
/// <param name="Max">Most, at least <paramref name="Min"/>.</param>
public sealed record GroupLimits(string Group, int Min, int Max);

/// <summary>What the API answers to a heartbeat.</summary>
/// <param name="Drain">The node is to finish what it holds and leave.</param>
public sealed record NodeOrders([property: JsonRequired] bool Drain);

/// <summary>A node as <c>GET /v1/nodes</c> lists it.</summary>
/// <param name="Name">Its name, unique in the flock.</param>
/// <param name="State">Its own word, or <see cref="NodeState.Stale"/> after three missed beats.</param>
/// <param name="Drain">Whether it has been told to leave.</param>
/// <param name="LastSeen">When its last heartbeat came.</param>
/// <param name="Report">The last heartbeat.</param>
public sealed record Node(string Name, NodeState State, bool Drain, DateTimeOffset LastSeen, NodeReport Report);

/// <summary>What an operator has told the scaler about one group; kept by the API, so that any scaler finds it.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Paused">Nothing is added or removed while this is set.</param>
/// <param name="Size">A size that overrides the policy; null leaves it to the policy.</param>
public sealed record GroupOrders(string Group, bool Paused, int? Size)
{
    /// <summary>Ids of instances that are to be replaced, one after the other, each when its successor works; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Replace { get; init; }
}
