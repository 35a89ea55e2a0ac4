namespace Faafo.OpenStack.Compute;

/// <summary>Why a server failed.</summary>
public sealed record ServerFault
{
    /// <summary>A status in the manner of HTTP.</summary>
    public int Code { get; init; }

    /// <summary>The reason in short.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>More, for administrators only.</summary>
    public string? Details { get; init; }
}
