namespace Faafo.Api.Fractals;

/// <summary>The end of a fractal: done with a checksum, or failed with an error.</summary>
internal sealed record Outcome(Guid Uuid, string? Checksum, long? Size, double? Duration, string? GeneratedBy, string? Error)
{
    /// <summary>The row's new status.</summary>
    public string Status => Error is null ? "done" : "failed";
}
