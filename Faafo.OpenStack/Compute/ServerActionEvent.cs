namespace Faafo.OpenStack.Compute;

/// <summary>A step of an action.</summary>
public sealed record ServerActionEvent
{
    /// <summary>The step in Nova's words, such as <c>compute_stop_instance</c>.</summary>
    public required string Event { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; <c>null</c> while it runs.</summary>
    public DateTimeOffset? FinishTime { get; init; }

    /// <summary><c>Success</c> or <c>Error</c>; <c>null</c> while it runs.</summary>
    public string? Result { get; init; }

    /// <summary>The reason of a failure (from microversion 2.84 on), shown to administrators only by default.</summary>
    public string? Details { get; init; }
}
