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
