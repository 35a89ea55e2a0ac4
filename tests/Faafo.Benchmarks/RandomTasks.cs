using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Random pictures in the ranges of <c>faafo create</c>, reproducible by their seed.</summary>
internal static class RandomTasks
{
    /// <summary>Draws tasks with sides of 256 to 1024 pixels, or of <paramref name="side"/> if it is given.</summary>
    public static JuliaPicture[] Draw(int count, int seed, int? side = null)
    {
        var random = new Random(seed);
        var pictures = new JuliaPicture[count];
        for (var i = 0; i < count; i++)
        {
            var xa = Between(random, -4, -1);
            var xb = Between(random, 1, 4);
            var ya = Between(random, -3, -0.5);
            var yb = Between(random, 0.5, 3);
            var width = random.Next(256, 1025);
            var height = random.Next(256, 1025);
            var iterations = random.Next(128, 513);
            double cx;
            double cy;
            do
            {
                cx = Between(random, xa, xb);
                cy = Between(random, ya, yb);
            }
            while (ScalarKernel.Passes(cx, cy, cx, cy, iterations - 1) is <= 10 or >= 100);
            pictures[i] = new JuliaPicture(side ?? width, side ?? height, iterations, xa, xb, ya, yb, cx, cy);
        }
        return pictures;
    }

    private static double Between(Random random, double from, double to) => from + (random.NextDouble() * (to - from));
}
