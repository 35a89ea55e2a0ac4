using CsCheck;
using Faafo.Fractals;
using Xunit;

namespace Faafo.Tests.Fractals;

public sealed class JuliaConstantTests
{
    [Theory]
    [InlineData(0, 0, 100)]
    [InlineData(-1, 0, 100)]
    [InlineData(2, 0, 1)]
    [InlineData(2.0001, 0, 0)]
    [InlineData(1, 0, 2)]
    [InlineData(0.3, 0, 11)]
    [InlineData(double.NaN, 0, 0)]
    public void Steps_count_until_the_orbit_escapes(double cx, double cy, int steps) => Assert.Equal(steps, JuliaConstant.Steps(cx, cy));

    [Fact]
    public void Constant_lies_in_the_box_and_follows_the_rule() =>
        Gen.Select(Gen.Double[-4, -1], Gen.Double[1, 4], Gen.Double[-1.5, -0.5], Gen.Double[0.5, 1.5], Gen.Int).Sample(
            (xa, xb, ya, yb, seed) =>
            {
                var (cx, cy) = JuliaConstant.Draw(xa, xb, ya, yb, new Random(seed));

                Assert.InRange(cx, xa, xb);
                Assert.InRange(cy, ya, yb);
                Assert.InRange(JuliaConstant.Steps(cx, cy), 11, 99);
            },
            iter: 200);

    [Fact]
    public void Box_without_such_a_point_gives_its_longest_orbit_in_bounded_time()
    {
        Assert.Equal((5, 5), JuliaConstant.Draw(5, 5, 5, 5, new Random(1)));
        Assert.Equal((0, 0), JuliaConstant.Draw(0, 0, 0, 0, new Random(1)));
        var (cx, cy) = JuliaConstant.Draw(1, 3, 1, 3, new Random(1));
        Assert.InRange(cx, 1, 3);
        Assert.InRange(cy, 1, 3);
    }

    [Fact]
    public void Reversed_box_is_allowed()
    {
        var (cx, cy) = JuliaConstant.Draw(2, -2, 1, -1, new Random(7));

        Assert.InRange(cx, -2, 2);
        Assert.InRange(cy, -1, 1);
        Assert.InRange(JuliaConstant.Steps(cx, cy), 11, 99);
    }

    [Fact]
    public void Generator_depends_only_on_the_uuid()
    {
        var uuid = Guid.Parse("11111111-2222-4333-8444-555555555555");

        Assert.Equal(JuliaConstant.GeneratorFor(uuid).NextDouble(), JuliaConstant.GeneratorFor(uuid).NextDouble());
        Assert.NotEqual(JuliaConstant.GeneratorFor(uuid).NextDouble(), JuliaConstant.GeneratorFor(Guid.NewGuid()).NextDouble());
    }
}
