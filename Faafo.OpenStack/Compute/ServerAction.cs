namespace Faafo.OpenStack.Compute;

/// <summary>An entry of a server's action log.</summary>
public sealed record ServerAction : ServiceResource
{
    /// <summary>The action in Nova's words: <c>create</c>, <c>reboot</c>, <c>resize</c>, <c>confirmResize</c> and others.</summary>
    public required string Action { get; init; }

    /// <summary>The id of the request, by which the action is read and found in Nova's logs.</summary>
    public required string RequestId { get; init; }

    /// <summary>When it was requested.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it last changed (from microversion 2.58 on).</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The user who requested it.</summary>
    public string? UserId { get; init; }

    /// <summary>The project of the user.</summary>
    public string? ProjectId { get; init; }

    /// <summary><c>Error</c> if it failed, otherwise <c>null</c>.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// The steps of the action, if it was read on its own (for users who are not administrators from microversion 2.51 on).
    /// </summary>
    public IReadOnlyList<ServerActionEvent> Events { get => field ?? []; init; }
}
