namespace Faafo.OpenStack.Compute;

/// <summary>
/// A filter for servers. Nova applies it but silently ignores what it does not know, so that each server is compared again.
/// </summary>
public sealed record ServerQuery
{
    /// <summary>The exact name.</summary>
    public string? Name { get; init; }

    /// <summary>The status; its case does not matter.</summary>
    public ServerStatus? Status { get; init; }

    /// <summary>Tags of which a server must have all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Tags of which a server must have at least one.</summary>
    public IReadOnlyList<string> TagsAny { get; init; } = [];

    /// <summary>Whether to list the servers of all projects, for administrators.</summary>
    public bool AllProjects { get; init; }

    /// <summary>The number of servers per page; <c>null</c> for the cloud's limit, usually 1,000.</summary>
    public int? PageSize { get; init; }

    /// <summary>Compares a server with all conditions.</summary>
    internal bool Matches(Server server) =>
        (Name is null || server.Name == Name)
        && (Status is not { } status || server.Status.Value.Equals(status.Value, StringComparison.OrdinalIgnoreCase))
        && Tags.All(server.Tags.Contains)
        && (TagsAny.Count == 0 || TagsAny.Any(server.Tags.Contains));
}
