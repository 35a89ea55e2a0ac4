using Faafo.Fractals;
using Xunit;

namespace Faafo.Tests.Fractals;

public sealed class FractalLimitsTests
{
    private static readonly FractalTask Good = new()
    {
        Uuid = Guid.NewGuid(),
        Width = 300,
        Height = 200,
        Iterations = 100,
        Xa = -1,
        Xb = 1,
        Ya = -1,
        Yb = 1,
    };

    [Fact]
    public void Edge_of_every_limit_is_allowed()
    {
        Assert.Empty(FractalLimits.Check(Good));
        Assert.Empty(FractalLimits.Check(Good with { Width = 1, Height = 1, Iterations = 1 }));
        Assert.Empty(FractalLimits.Check(Good with { Width = 16384, Height = 16384, Iterations = 65535 }));
        Assert.Empty(FractalLimits.Check(Good with { Xa = -1e6, Xb = 1e6, Ya = 1e6, Yb = -1e6, Cx = 1e6, Cy = -1e6 }));
        Assert.Empty(FractalLimits.Check(Good with { Xa = 0, Xb = 0, Ya = 0, Yb = 0 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(16385)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Side_outside_is_named_with_value_and_limit(int side)
    {
        AssertRefused(Good with { Width = side }, "width", $"{side}", "16384");
        AssertRefused(Good with { Height = side }, "height", $"{side}", "16384");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Iterations_outside_are_named_with_value_and_limit(int iterations) =>
        AssertRefused(Good with { Iterations = iterations }, "iterations", $"{iterations}", "65535");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1000000.1)]
    [InlineData(-1000000.1)]
    public void Coordinate_outside_is_named_with_the_limit(double value)
    {
        AssertRefused(Good with { Xa = value }, "xa", null, "1e6");
        AssertRefused(Good with { Xb = value }, "xb", null, "1e6");
        AssertRefused(Good with { Ya = value }, "ya", null, "1e6");
        AssertRefused(Good with { Yb = value }, "yb", null, "1e6");
        AssertRefused(Good with { Cx = value }, "cx", null, "1e6");
        AssertRefused(Good with { Cy = value }, "cy", null, "1e6");
    }

    [Fact]
    public void Pixels_of_the_largest_sides_are_just_what_is_allowed_together() =>
        Assert.Equal(FractalLimits.MaxPixels, (long)FractalLimits.MaxSide * FractalLimits.MaxSide);

    [Fact]
    public void Every_wrong_field_is_reported() => Assert.Equal(["width", "iterations", "yb"],
        FractalLimits.Check(Good with { Width = 0, Iterations = 0, Yb = double.NaN }).Select(error => error.Field));

    private static void AssertRefused(FractalTask task, string field, string? value, string limit)
    {
        var error = Assert.Single(FractalLimits.Check(task));
        Assert.Equal(field, error.Field);
        Assert.Equal(value ?? error.Value, error.Value);
        Assert.Contains(limit, error.Limit, StringComparison.Ordinal);
        Assert.StartsWith(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Value!, error.Message, StringComparison.Ordinal);
    }
}
