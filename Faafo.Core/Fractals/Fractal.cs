using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>
/// A fractal as the API returns it: the twelve columns of the original Faafo (openstack-archive/faafo) in its order, followed by newer
/// ones.
/// </summary>
public sealed record Fractal : FractalParameters
{
    /// <summary>SHA-256 of the PNG in lower-case hex; null until it is drawn.</summary>
    public string? Checksum { get; init; }

    /// <summary>Seconds that drawing and storing took; null until it is drawn.</summary>
    public double? Duration { get; init; }

    /// <summary>Name of the node that drew it; null until then.</summary>
    public string? GeneratedBy { get; init; }

    /// <summary>Bytes of the PNG; null until it is drawn.</summary>
    [JsonPropertyOrder(40)]
    public long? Size { get; init; }

    /// <summary>Path of the image below the API's address; null until it is drawn.</summary>
    [JsonPropertyOrder(41)]
    public string? Url { get; init; }

    /// <summary>The fractal's id.</summary>
    [JsonPropertyOrder(42)]
    public required Guid Uuid { get; init; }

    /// <summary>Width in pixels.</summary>
    /// <remarks>Overridden for its place: the original's columns are in alphabetical order.</remarks>
    [JsonPropertyOrder(43), Range(1, FractalLimits.MaxSide)]
    public override required int Width { get => base.Width; init => base.Width = value; }

    /// <summary>The current state; null only from an API of the original.</summary>
    [JsonPropertyOrder(80)]
    public FractalStatus? Status { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    [JsonPropertyOrder(81)]
    public string? Error { get; init; }

    /// <summary>When the API accepted it; null only from an API of the original.</summary>
    [JsonPropertyOrder(82)]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was done or failed; null until then.</summary>
    [JsonPropertyOrder(83)]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Whether its state is final.</summary>
    [JsonIgnore]
    public bool IsFinished => Status is FractalStatus.Done or FractalStatus.Failed || Checksum is not null;
}
