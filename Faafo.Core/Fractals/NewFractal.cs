using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>The body of <c>POST /v1/fractal</c>. The constant is left out to have it drawn by the API. The ranges are for the OpenAPI document; it is <see cref="FractalLimits"/> that is checked.</summary>
public sealed record NewFractal(
    Guid Uuid,
    [property: Range(1, FractalLimits.MaxSide)] int Width,
    [property: Range(1, FractalLimits.MaxSide)] int Height,
    [property: Range(1, FractalLimits.MaxIterations)] int Iterations,
    [property: Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)] double Xa,
    [property: Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)] double Xb,
    [property: Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)] double Ya,
    [property: Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)] double Yb)
{
    /// <summary>Real part of the constant, if the caller chooses it.</summary>
    [Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Cx { get; init; }

    /// <summary>Imaginary part of the constant, if the caller chooses it.</summary>
    [Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Cy { get; init; }
}
