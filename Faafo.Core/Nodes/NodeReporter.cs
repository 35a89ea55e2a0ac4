namespace Faafo.Nodes;

/// <summary>Creates the heartbeats of a node on this host: what is the same for every role.</summary>
/// <param name="role">The group of the node.</param>
/// <param name="address">Where it responds or works; for people.</param>
/// <param name="startedAt">When its program started.</param>
public sealed class NodeReporter(string role, string? address, DateTimeOffset startedAt)
{
    /// <summary>The version of Faafo, shared by all of its programs: major, minor and patch.</summary>
    public static string Version { get; } = typeof(NodeReporter).Assembly.GetName().Version!.ToString(3);

    /// <summary>Creates a heartbeat with the current load of the host.</summary>
    /// <param name="interval">The time to the next heartbeat.</param>
    public NodeReport Create(TimeSpan interval) => new(interval.TotalSeconds)
    {
        Role = role,
        Address = address,
        LoadAverage = HostLoad.Read(),
        Cpus = Environment.ProcessorCount,
        Version = Version,
        StartedAt = startedAt,
    };
}
