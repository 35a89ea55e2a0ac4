using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>The body of <c>PUT /v1/fractal/UUID</c>: what a worker reports when it has finished a task.</summary>
public sealed record FractalResult
{
    /// <summary>Most bytes of the body.</summary>
    public const int LongestBody = 64 << 20;

    /// <summary>Most bytes of an image sent in the body, where it is base64.</summary>
    public const int LargestImage = (LongestBody - (64 << 10)) / 4 * 3;

    /// <summary>Most characters of an error.</summary>
    public const int LongestError = 10_000;

    /// <summary>The fractal's id, equal to the one in the path.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>Seconds that drawing and storing took.</summary>
    public double? Duration { get; init; }

    /// <summary>The PNG; sent only by workers without access to the API's image store, and by those of the original Faafo.</summary>
    /// <remarks>Omitted when null: generated code would write a null array as an empty string.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Image { get; init; }

    /// <summary>SHA-256 of the PNG in hex.</summary>
    public string? Checksum { get; init; }

    /// <summary>Bytes of the PNG.</summary>
    public long? Size { get; init; }

    /// <summary>Name of the node that drew it.</summary>
    public string? GeneratedBy { get; init; }

    /// <summary>Why it cannot be drawn; excludes a checksum.</summary>
    public string? Error { get; init; }
}
