namespace Faafo.OpenStack.Compute;

/// <summary>A group of servers that share a host, or must not.</summary>
public sealed record ServerGroup : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The policy, from microversion 2.64 on.</summary>
    public ServerGroupPolicy? Policy { get; init; }

    /// <summary>The policies, before microversion 2.64.</summary>
    public IReadOnlyList<ServerGroupPolicy> Policies { get => field ?? []; init; }

    /// <summary>The ids of the servers in it.</summary>
    public IReadOnlyList<string> Members { get => field ?? []; init; }
}
