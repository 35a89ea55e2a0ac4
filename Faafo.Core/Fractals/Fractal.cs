using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>Where a fractal is on its way.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FractalStatus>))]
public enum FractalStatus
{
    /// <summary>Accepted; waits for a worker.</summary>
    Queued,

    /// <summary>A worker has said in a heartbeat that it draws it.</summary>
    Rendering,

    /// <summary>Its image is stored.</summary>
    Done,

    /// <summary>It will not be drawn; <see cref="Fractal.Error"/> says why.</summary>
    Failed,
}

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

/// <summary>One page of a list, ordered by uuid.</summary>
/// <param name="NumResults">Rows in all pages.</param>
/// <param name="Objects">The rows of this page.</param>
/// <param name="Page">This page's number, from 1.</param>
/// <param name="TotalPages">Pages of this size.</param>
public sealed record FractalPage(long NumResults, IReadOnlyList<Fractal> Objects, int Page, int TotalPages);

/// <summary>What a worker PUTs when it is done with a fractal.</summary>
public sealed record FractalResult
{
    /// <summary>Most bytes of a result's body.</summary>
    public const int LongestBody = 64 << 20;

    /// <summary>Most bytes of a picture that goes along, as base64.</summary>
    public const int LargestImage = (LongestBody - (64 << 10)) / 4 * 3;

    /// <summary>Most characters of an error.</summary>
    public const int LongestError = 10_000;

    /// <summary>The fractal's id, equal to the one in the path.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Seconds that drawing and storing took.</summary>
    public double? Duration { get; init; }

    /// <summary>The PNG; only workers without the API's image store (and the original's) send it along.</summary>
    /// <remarks>Left out when null: generated code writes a null array as an empty string, which is another thing.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Image { get; init; }

    /// <summary>SHA-256 of the PNG in hex.</summary>
    public string? Checksum { get; init; }

    /// <summary>Bytes of the PNG.</summary>
    public long? Size { get; init; }

    /// <summary>Name of the node that drew it.</summary>
    public string? GeneratedBy { get; init; }

    /// <summary>Why it cannot be drawn; set instead of the checksum.</summary>
    public string? Error { get; init; }
}
