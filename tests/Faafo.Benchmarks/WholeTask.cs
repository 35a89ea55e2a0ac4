using System.Security.Cryptography;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>One task from its parameters to the checksum of its image, on one core, against Python.</summary>
internal static class WholeTask
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        foreach (var side in quick ? [1024] : new[] { 256, 1024, 9999 })
        {
            var tasks = RandomTasks.Draw(side == 9999 ? 1 : 3, 4, side);
            var ours = tasks.Select(task => Pairs.Measure(quick || side == 9999 ? 5 : 21, () => Draw(task))).ToArray();
            var what = $"whole task {side} x {side}, render + PNG + SHA-256";
            var milliseconds = string.Join(" / ", ours.Select(seconds => $"{seconds * 1e3:f2}")) + " ms";
            // Python would take minutes for the largest picture; it draws 303 rows spread over the picture, and the result is extrapolated.
            var parts = side == 9999 ? 33 : 1;
            var python = PythonBaseline.Draw([.. tasks.Select(task => task with { Height = side / parts })])
                .Select(answer => parts * (answer.Draw + answer.Png + answer.Hash)).ToArray();
            var ratio = python.Zip(ours, (p, o) => p / o).Min();
            var baseline = string.Join(" / ", python.Select(seconds => $"{seconds * 1e3:f0}"));
            var from = parts > 1 ? $" ms, from 1/{parts} of it" : " ms";
            yield return new Row(what, baseline + from, milliseconds, $"{ratio:f0}x",
                side == 1024 ? ">= 500x each" : "", side == 1024 ? ratio >= 500 : null);
        }
    }

    private static void Draw(JuliaPicture task)
    {
        using var file = new MemoryStream();
        JuliaPng.Write(task, file, 1, CancellationToken.None);
        SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length));
    }
}
