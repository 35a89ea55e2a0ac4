using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>The body of <c>POST /v1/fractal</c>. Without a constant the API draws one.</summary>
public sealed record NewFractal : FractalParameters
{
    /// <summary>Describes a fractal by all that a client has to choose.</summary>
    [JsonConstructor, SetsRequiredMembers]
    public NewFractal(Guid uuid, int width, int height, int iterations, double xa, double xb, double ya, double yb)
    {
        Uuid = uuid;
        Width = width;
        Height = height;
        Iterations = iterations;
        Xa = xa;
        Xb = xb;
        Ya = ya;
        Yb = yb;
    }

    /// <summary>The fractal's id, chosen by the client so that a repeated request creates no second fractal.</summary>
    public Guid Uuid { get; init; }

    /// <summary>Real part of the constant; omitted to have it drawn.</summary>
    [JsonPropertyOrder(70), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public override double? Cx { get => base.Cx; init => base.Cx = value; }

    /// <summary>Imaginary part of the constant; omitted to have it drawn.</summary>
    [JsonPropertyOrder(71), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Range(-FractalLimits.MaxCoordinate, FractalLimits.MaxCoordinate)]
    public override double? Cy { get => base.Cy; init => base.Cy = value; }
}
