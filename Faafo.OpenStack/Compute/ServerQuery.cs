namespace Faafo.OpenStack.Compute;

/// <summary>
/// Which servers to list. Nova filters by these on its side, but ignores what it does not know without an error; so each server is
/// compared again.
/// </summary>
public sealed record ServerQuery
{
    /// <summary>The exact name.</summary>
    public string? Name { get; init; }

    /// <summary>The status, such as <c>ACTIVE</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Tags that a server must all have.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Tags of which a server must have one.</summary>
    public IReadOnlyList<string> TagsAny { get; init; } = [];

    /// <summary>The servers of all projects, for administrators.</summary>
    public bool AllProjects { get; init; }

    /// <summary>How many come in one page; <c>null</c> for as many as the cloud allows, usually 1,000.</summary>
    public int? PageSize { get; init; }

    internal bool Matches(Server server) =>
        (Name is null || server.Name == Name)
        && (Status is null || server.Status.Equals(Status, StringComparison.OrdinalIgnoreCase))
        && Tags.All(server.Tags.Contains)
        && (TagsAny.Count == 0 || TagsAny.Any(server.Tags.Contains));
}
