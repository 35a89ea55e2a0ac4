using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>The state of a fractal.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<FractalStatus>))]
public enum FractalStatus
{
    /// <summary>Accepted, waiting for a worker.</summary>
    Queued,

    /// <summary>A worker has named it in a heartbeat as being drawn.</summary>
    Rendering,

    /// <summary>Its image is stored.</summary>
    Done,

    /// <summary>It cannot be drawn; <see cref="Fractal.Error"/> gives the reason.</summary>
    Failed,
}
