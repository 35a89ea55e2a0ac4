namespace Faafo.Api.Database;

/// <summary>What a fractal came to: done with a checksum, or failed with an error.</summary>
internal sealed record Outcome(Guid Uuid, string? Checksum, long? Size, double? Duration, string? GeneratedBy, string? Error)
{
    /// <summary>The status that the row takes.</summary>
    public string Status => Error is null ? "done" : "failed";
}
