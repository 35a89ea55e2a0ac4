using Faafo.Fractals;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Fractals;

public sealed class FractalLimitsTests
{
    private static readonly FractalTask Valid = SampleTasks.Create() with { Cx = null, Cy = null };

    [Fact]
    public void Values_at_every_limit_are_allowed()
    {
        Assert.Empty(FractalLimits.Check(Valid));
        Assert.Empty(FractalLimits.Check(Valid with { Width = 1, Height = 1, Iterations = 1 }));
        Assert.Empty(FractalLimits.Check(Valid with { Width = 16384, Height = 16384, Iterations = 65535 }));
        Assert.Empty(FractalLimits.Check(Valid with { Xa = -1e6, Xb = 1e6, Ya = 1e6, Yb = -1e6, Cx = 1e6, Cy = -1e6 }));
        Assert.Empty(FractalLimits.Check(Valid with { Xa = 0, Xb = 0, Ya = 0, Yb = 0 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(16385)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Side_out_of_range_is_reported_with_value_and_limit(int side)
    {
        AssertRejected(Valid with { Width = side }, "width", $"{side}", "16384");
        AssertRejected(Valid with { Height = side }, "height", $"{side}", "16384");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Iterations_out_of_range_are_reported_with_value_and_limit(int iterations) =>
        AssertRejected(Valid with { Iterations = iterations }, "iterations", $"{iterations}", "65535");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1000000.1)]
    [InlineData(-1000000.1)]
    public void Coordinate_out_of_range_is_reported_with_the_limit(double value)
    {
        AssertRejected(Valid with { Xa = value }, "xa", null, "1e6");
        AssertRejected(Valid with { Xb = value }, "xb", null, "1e6");
        AssertRejected(Valid with { Ya = value }, "ya", null, "1e6");
        AssertRejected(Valid with { Yb = value }, "yb", null, "1e6");
        AssertRejected(Valid with { Cx = value }, "cx", null, "1e6");
        AssertRejected(Valid with { Cy = value }, "cy", null, "1e6");
    }

    [Fact]
    public void Largest_sides_have_exactly_the_most_pixels() =>
        Assert.Equal(FractalLimits.MaxPixels, (long)FractalLimits.MaxSide * FractalLimits.MaxSide);

    [Fact]
    public void Every_invalid_field_is_reported() => Assert.Equal(["width", "iterations", "yb"],
        FractalLimits.Check(Valid with { Width = 0, Iterations = 0, Yb = double.NaN }).Select(error => error.Field));

    private static void AssertRejected(FractalTask task, string field, string? value, string limit)
    {
        var error = Assert.Single(FractalLimits.Check(task));
        Assert.Equal(field, error.Field);
        Assert.Equal(value ?? error.Value, error.Value);
        Assert.Contains(limit, error.Limit, StringComparison.Ordinal);
        Assert.StartsWith(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Value!, error.Message, StringComparison.Ordinal);
    }
}
