using Faafo.Worker.Julia;
using Xunit;

namespace Faafo.Tests.Worker.Julia;

/// <summary>Compares the vector paths with the scalar kernel, pixel by pixel.</summary>
public sealed class KernelPathsTests
{
    public static IEnumerable<TheoryDataRow<string>> VectorPaths =>
        Enum.GetValues<KernelPath>().Where(path => path != KernelPath.Scalar).Select(path => new TheoryDataRow<string>(path.ToString()));

    [Theory]
    [MemberData(nameof(VectorPaths))]
    public void Random_pictures_equal_the_scalar_kernel(string name)
    {
        var random = new Random(7);
        for (var i = 0; i < 250; i++)
        {
            AssertEqualToLoop(name, RandomPicture(random));
        }
    }

    [Theory]
    [MemberData(nameof(VectorPaths))]
    public void Every_width_and_height_equals_the_scalar_kernel(string name)
    {
        var picture = new JuliaPicture(1, 1, 100, -1.6, 1.4, -1.2, 1.1, -0.7269, 0.1889);
        for (var side = 1; side <= 140; side++)
        {
            AssertEqualToLoop(name, picture with { Width = side, Height = 19 });
            AssertEqualToLoop(name, picture with { Width = 23, Height = side });
        }
    }

    [Theory]
    [MemberData(nameof(VectorPaths))]
    public void Every_limit_equals_the_scalar_kernel(string name)
    {
        // The inside of this set is attracted by a fixed point, so its pixels reach every limit; others escape at every depth.
        var picture = new JuliaPicture(97, 33, 1, -1.6, 1.6, -0.9, 0.9, 0.28, 0.008);
        for (var iterations = 1; iterations <= 160; iterations++)
        {
            AssertEqualToLoop(name, picture with { Iterations = iterations });
        }
        foreach (var iterations in new[] { 255, 256, 257, 512, 1000, 4097, 65535 })
        {
            AssertEqualToLoop(name, picture with { Width = 16, Height = 9, Iterations = iterations });
        }
    }

    [Theory]
    [MemberData(nameof(VectorPaths))]
    public void Pictures_wider_than_a_tile_equal_the_scalar_kernel(string name)
    {
        AssertEqualToLoop(name, new JuliaPicture(2500, 70, 200, -1.6, 1.6, -0.05, 0.05, -0.8, 0.156));
        AssertEqualToLoop(name, new JuliaPicture(16384, 3, 60, -1.6, 1.6, -0.05, 0.05, -0.8, 0.156));
    }

    [Theory]
    [MemberData(nameof(VectorPaths))]
    public void Zooms_onto_an_edge_equal_the_scalar_kernel(string name)
    {
        // Down to pixels with equal coordinates. From 1e-6 on, single precision does not distinguish the pixels of a block, and only the
        // drift term of the classifier prevents a wrong decision.
        var random = new Random(9);
        for (var i = 0; i < 12; i++)
        {
            double cx = (random.NextDouble() * 1.5) - 1.2, cy = random.NextDouble() * 0.9;
            var (x, y) = PointOnEdge(random, cx, cy);
            for (var size = 0.1; size > 1e-17; size /= 10)
            {
                AssertEqualToLoop(name, new JuliaPicture(72, 24, 300, x - size, x + size, y - size, y + (size / 2), cx, cy));
            }
        }
    }

    /// <summary>Finds a point between pixels of different counts by bisection of a line.</summary>
    private static (double X, double Y) PointOnEdge(Random random, double cx, double cy)
    {
        double y = random.NextDouble() - 0.5, inner = random.NextDouble() - 0.5, outer = 3;
        var passes = ScalarKernel.Passes(inner, y, cx, cy, 299);
        for (var i = 0; i < 60; i++)
        {
            var middle = (inner + outer) / 2;
            if (ScalarKernel.Passes(middle, y, cx, cy, 299) == passes)
            {
                inner = middle;
            }
            else
            {
                outer = middle;
            }
        }

        return (inner, y);
    }

    [Fact]
    public void Cancelled_draw_throws()
    {
        var grid = new JuliaGrid(new JuliaPicture(64, 64, 65535, -0.1, 0.1, -0.1, 0.1, 0, 0));
        foreach (var path in JuliaKernel.Available)
        {
            Assert.Throws<OperationCanceledException>(() =>
                JuliaKernel.Draw(path, grid, 0, 64, new byte[64 * 64], new CancellationToken(true)));
        }
    }

    /// <summary>
    /// Sizes, boxes and c of all kinds: usual, mirrored, a point, huge (orbits overflow to NaN); c on the circle |c| = 2 and close to it on
    /// both sides.
    /// </summary>
    private static JuliaPicture RandomPicture(Random random)
    {
        double Box() => random.Next(6) switch
        {
            0 => (random.NextDouble() - 0.5) * 1e-3,
            1 => (random.NextDouble() - 0.5) * 2e6,
            2 => random.Next(-3, 4),
            _ => (random.NextDouble() - 0.5) * 6,
        };
        var angle = random.NextDouble() * Math.Tau;
        var radius = random.Next(8) switch
        {
            6 => 2 - 1e-9,
            7 => Math.BitDecrement(2),
            0 => 2,
            1 => Math.BitIncrement(2),
            2 => 2 + random.NextDouble(),
            3 => 1e6,
            _ => random.NextDouble() * 1.5,
        };
        double cx = Math.Clamp(radius * Math.Cos(angle), -1e6, 1e6), cy = Math.Clamp(radius * Math.Sin(angle), -1e6, 1e6);
        if (random.Next(10) == 0)
        {
            (cx, cy) = random.Next(2) == 0 ? (-2.0, 0.0) : (0.0, 2.0);
        }
        var iterations = random.Next(4) switch { 0 => random.Next(1, 20), 1 => random.Next(1, 2000), _ => random.Next(100, 300) };
        return new JuliaPicture(random.Next(1, 150), random.Next(1, 70), iterations, Box(), Box(), Box(), Box(), cx, cy);
    }

    private static void AssertEqualToLoop(string name, JuliaPicture picture)
    {
        var expected = TestPictures.Draw(KernelPath.Scalar, picture);
        var actual = TestPictures.Draw(TestPictures.PathOrSkip(name), picture);
        var at = expected.AsSpan().CommonPrefixLength(actual);
        if (at < expected.Length)
        {
            Assert.Fail($"{picture}: pixel ({at % picture.Width}, {at / picture.Width}) is {actual[at]}, not {expected[at]}");
        }
    }
}
