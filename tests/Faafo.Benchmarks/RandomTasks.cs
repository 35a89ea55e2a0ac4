using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Pictures as <c>faafo create</c> draws them by default, reproducibly.</summary>
internal static class RandomTasks
{
    /// <summary>Tasks with sides of 256 to 1024 pixels, or of <paramref name="side"/> when that is given.</summary>
    public static JuliaPicture[] Draw(int count, int seed, int? side = null)
    {
        var random = new Random(seed);
        var pictures = new JuliaPicture[count];
        for (var i = 0; i < count; i++)
        {
            double xa = Between(random, -4, -1), xb = Between(random, 1, 4), ya = Between(random, -3, -0.5), yb = Between(random, 0.5, 3);
            int width = random.Next(256, 1025), height = random.Next(256, 1025), iterations = random.Next(128, 513);
            double cx, cy;
            do
            {
                (cx, cy) = (Between(random, xa, xb), Between(random, ya, yb));
            }
            while (ScalarKernel.Passes(cx, cy, cx, cy, iterations - 1) is <= 10 or >= 100);
            pictures[i] = new JuliaPicture(side ?? width, side ?? height, iterations, xa, xb, ya, yb, cx, cy);
        }

        return pictures;
    }

    private static double Between(Random random, double from, double to) => from + (random.NextDouble() * (to - from));
}
