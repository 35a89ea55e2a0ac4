using System.Text.Json.Serialization;

namespace Faafo.Fractals;

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
