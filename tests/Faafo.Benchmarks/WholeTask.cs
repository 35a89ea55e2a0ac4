using System.Security.Cryptography;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Compares a whole task with Python, on one core: rendering, PNG and checksum.</summary>
internal static class WholeTask
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        foreach (var side in quick ? [1024] : new[] { 256, 1024, 9999 })
        {
            var tasks = RandomTasks.Draw(side == 9999 ? 1 : 3, 4, side);
            var rounds = quick || side == 9999 ? 5 : 21;
            var ours = tasks.Select(task => Pairs.Measure(rounds, () => Draw(task))).ToArray();
            var what = $"whole task {side} x {side}, render + PNG + SHA-256";
            var milliseconds = string.Join(" / ", ours.Select(seconds => $"{seconds * 1e3:f2}")) + " ms";
            // Python would take minutes for the largest. It draws 303 rows, spread over the picture, and the result is scaled up.
            var parts = side == 9999 ? 33 : 1;
            var python = PythonBaseline.Draw([.. tasks.Select(task => task with { Height = side / parts })])
                .Select(answer => parts * (answer.Draw + answer.Png + answer.Hash)).ToArray();
            var ratio = python.Zip(ours, (p, o) => p / o).Min();
            yield return new Row(
                what, string.Join(" / ", python.Select(seconds => $"{seconds * 1e3:f0}")) + (parts > 1 ? $" ms, from 1/{parts} of it" : " ms"), milliseconds, $"{ratio:f0}x", side == 1024 ? ">= 500x each" : "", side == 1024 ? ratio >= 500 : null);
        }
    }

    private static void Draw(JuliaPicture task)
    {
        using var file = new MemoryStream();
        JuliaPng.Write(task, file, 1, CancellationToken.None);
        SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length));
    }
}
