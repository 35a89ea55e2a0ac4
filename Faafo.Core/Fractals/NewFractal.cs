using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>The body of <c>POST /v1/fractal</c>. The constant is left out to have it drawn by the API.</summary>
public sealed record NewFractal(Guid Uuid, int Width, int Height, int Iterations, double Xa, double Xb, double Ya, double Yb)
{
    /// <summary>Real part of the constant, if the caller chooses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Cx { get; init; }

    /// <summary>Imaginary part of the constant, if the caller chooses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Cy { get; init; }
}
