using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>A fractal as the API returns it: the original's twelve columns and, behind them, what is new.</summary>
public sealed record Fractal
{
    /// <summary>SHA-256 of the PNG in lower-case hex; null until it is drawn.</summary>
    public string? Checksum { get; init; }

    /// <summary>Seconds that drawing and storing took; null until it is drawn.</summary>
    public double? Duration { get; init; }

    /// <summary>Name of the node that drew it.</summary>
    public string? GeneratedBy { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Most iterations per pixel.</summary>
    public required int Iterations { get; init; }

    /// <summary>Bytes of the PNG; null until it is drawn.</summary>
    public long? Size { get; init; }

    /// <summary>Path of the image below the API's address; null until it is drawn.</summary>
    public string? Url { get; init; }

    /// <summary>The fractal's id.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Real part of the left edge.</summary>
    public required double Xa { get; init; }

    /// <summary>Real part of the right edge.</summary>
    public required double Xb { get; init; }

    /// <summary>Imaginary part of the first row.</summary>
    public required double Ya { get; init; }

    /// <summary>Imaginary part of the last row.</summary>
    public required double Yb { get; init; }

    /// <summary>Real part of the constant; null only from an API of the original.</summary>
    public double? Cx { get; init; }

    /// <summary>Imaginary part of the constant; null only from an API of the original.</summary>
    public double? Cy { get; init; }

    /// <summary>Where it is on its way.</summary>
    public FractalStatus? Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>When the API accepted it.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was done or failed.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True when nothing more will happen to it.</summary>
    [JsonIgnore]
    public bool IsFinished => Status is FractalStatus.Done or FractalStatus.Failed || Checksum is not null;
}
