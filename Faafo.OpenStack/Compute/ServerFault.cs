namespace Faafo.OpenStack.Compute;

/// <summary>The reason why a server failed.</summary>
public sealed record ServerFault
{
    /// <summary>A code like an HTTP status.</summary>
    public int Code { get; init; }

    /// <summary>The message.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>Details, shown to administrators only.</summary>
    public string? Details { get; init; }
}
