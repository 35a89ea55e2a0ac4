using System.Diagnostics;
using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.Worker.Julia;

namespace Faafo.SystemTests.Flock;

/// <summary>Fractals to order.</summary>
internal static class Orders
{
    // No point of this box ever escapes z*z + 0, so that every pixel costs all its iterations.
    private const double Edge = 0.5;

    private static readonly Lazy<double> WorkPerSecond = new(() =>
    {
        var probe = new JuliaPicture(1024, 1024, 500, -Edge, Edge, -Edge, Edge, 0, 0);
        JuliaPng.Write(probe, Stream.Null, 1, CancellationToken.None);      // compiled and warm
        var started = Stopwatch.GetTimestamp();
        JuliaPng.Write(probe, Stream.Null, 1, CancellationToken.None);
        return 1024.0 * 1024 * 500 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    });

    /// <summary>A picture that is drawn in no time; the numbers differ so that the checksums do.</summary>
    public static NewFractal Quick(int number = 0) =>
        new(Guid.NewGuid(), 64 + number % 32, 48 + number / 32, 64, -1.5, 1.5, -1, 1) { Cx = -0.7, Cy = 0.27015 };

    /// <summary>A picture that one core of this machine draws in about so many seconds, whatever the renderer can do.</summary>
    public static NewFractal Slow(double seconds)
    {
        var work = seconds * WorkPerSecond.Value;
        var side = 1000;        // one core draws it
        while (work / ((double)side * side) > FractalLimits.MaxIterations && side < FractalLimits.MaxSide)
        {
            side = Math.Min(FractalLimits.MaxSide, side * 2);
        }
        var iterations = Math.Clamp((int)(work / ((double)side * side)), 1, FractalLimits.MaxIterations);
        return new NewFractal(Guid.NewGuid(), side, side, iterations, -Edge, Edge, -Edge, Edge) { Cx = 0, Cy = 0 };
    }

    /// <summary>SHA-256 of the picture's PNG, drawn here.</summary>
    public static string Checksum(NewFractal order)
    {
        using var sha = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
        {
            JuliaPng.Write(new JuliaPicture(order.Width, order.Height, order.Iterations, order.Xa, order.Xb, order.Ya, order.Yb,
                order.Cx!.Value, order.Cy!.Value), hashing, 1, CancellationToken.None);
        }
        return Convert.ToHexStringLower(sha.Hash!);
    }
}
