using System.Globalization;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Counts pixels that differ from the Python formula and, on pictures for which Python would take minutes, from the plain loop.</summary>
internal static class Exactness
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        var tasks = RandomTasks.Draw(quick ? 6 : 50, 2);
        using var folder = new TemporaryFolder();
        PythonBaseline.Draw(tasks, folder.Path);
        foreach (var path in JuliaKernel.Available)
        {
            yield return Zero($"{path} against Python, {tasks.Length} random tasks", tasks, Benchmarks.Child.Run("exact", $"{tasks.Length} {folder.Path}", path)[0]);
        }

        var big = Big(quick);
        foreach (var path in JuliaKernel.Available.Where(path => path != KernelPath.Scalar))
        {
            yield return Zero($"{path} against the plain loop, {big.Length} of {big[0].Width} x {big[0].Height}", big, Benchmarks.Child.Run("exact", quick ? "quick" : "full", path)[0]);
        }
    }

    /// <summary>Counts the pixels that this process's kernel draws differently from Python's pictures in a folder ("count folder"), or from the loop.</summary>
    public static double[] Child(string argument)
    {
        var words = argument.Split(' ', 2);
        return words.Length == 1
            ? [Big(words[0] == "quick").Sum(DifferentFromLoop)]
            : [RandomTasks.Draw(int.Parse(words[0], CultureInfo.InvariantCulture), 2)
                .Select((task, k) => DifferentFromPython(task, File.ReadAllBytes(Path.Combine(words[1], $"{k}")))).Sum()];
    }

    private static JuliaPicture[] Big(bool quick) => RandomTasks.Draw(quick ? 1 : 8, 3, quick ? 2500 : 9999);

    private static long DifferentFromPython(JuliaPicture picture, byte[] rgb)
    {
        long different = 0;
        Rows(picture, (y, row) =>
        {
            for (var x = 0; x < row.Length; x++)
            {
                different += JuliaPalette.Rgb.Slice(3 * row[x], 3).SequenceEqual(rgb.AsSpan(3 * ((y * picture.Width) + x), 3)) ? 0 : 1;
            }
        });
        return different;
    }

    private static long DifferentFromLoop(JuliaPicture picture)
    {
        long different = 0;
        var grid = new JuliaGrid(picture);
        var loop = new byte[8 * grid.Stride];
        Rows(picture, (y, row) =>
        {
            if (y % 8 == 0)
            {
                JuliaKernel.Draw(KernelPath.Scalar, grid, y, Math.Min(8, picture.Height - y), loop, CancellationToken.None);
            }

            var expected = loop.AsSpan(y % 8 * grid.Stride, picture.Width);
            for (var x = 0; x < row.Length; x++)
            {
                different += row[x] == expected[x] ? 0 : 1;
            }
        });
        return different;
    }

    /// <summary>Draws a picture and passes on each row with its number.</summary>
    private static void Rows(JuliaPicture picture, Action<int, ReadOnlySpan<byte>> compare)
    {
        var grid = new JuliaGrid(picture);
        var band = new byte[64 * grid.Stride];
        for (var y = 0; y < picture.Height; y++)
        {
            if (y % 64 == 0)
            {
                JuliaKernel.Draw(JuliaKernel.Default, grid, y, Math.Min(64, picture.Height - y), band, CancellationToken.None);
            }

            compare(y, band.AsSpan(y % 64 * grid.Stride, picture.Width));
        }
    }

    private static Row Zero(string what, JuliaPicture[] tasks, double different) =>
        new($"pixels that differ, {what}", $"{tasks.Sum(task => (double)task.Width * task.Height) / 1e6:f1} M pixels", $"{different}", "", "0", different == 0, true);
}
