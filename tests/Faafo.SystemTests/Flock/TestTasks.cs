using System.Diagnostics;
using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.Worker.Julia;

namespace Faafo.SystemTests.Flock;

/// <summary>Tasks with known costs and checksums.</summary>
internal static class TestTasks
{
    // No point of this square escapes z*z + 0, so every pixel costs all its iterations.
    private const double Edge = 0.5;

    private static readonly Lazy<double> WorkPerSecond = new(() =>
    {
        var probe = new JuliaPicture(1024, 1024, 500, -Edge, Edge, -Edge, Edge, 0, 0);
        JuliaPng.Write(probe, Stream.Null, 1, CancellationToken.None);      // compiled and warm
        var started = Stopwatch.GetTimestamp();
        JuliaPng.Write(probe, Stream.Null, 1, CancellationToken.None);
        return 1024.0 * 1024 * 500 / Stopwatch.GetElapsedTime(started).TotalSeconds;
    });

    /// <summary>Returns a task of milliseconds. Different numbers give different checksums.</summary>
    public static NewFractal Quick(int number = 0) =>
        new(Guid.NewGuid(), 64 + number % 32, 48 + number / 32, 64, -1.5, 1.5, -1, 1) { Cx = -0.7, Cy = 0.27015 };

    /// <summary>Returns a task that takes one core of this machine about the given seconds.</summary>
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

    /// <summary>Draws a task and returns the SHA-256 of its PNG.</summary>
    public static string Checksum(NewFractal task)
    {
        using var sha = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
        {
            JuliaPng.Write(JuliaPicture.Of(task), hashing, 1, CancellationToken.None);
        }
        return Convert.ToHexStringLower(sha.Hash!);
    }
}
