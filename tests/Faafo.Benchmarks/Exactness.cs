using System.Globalization;
using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>
/// Pixels that differ from the Python formula, and from the scalar kernel on pictures for which Python would take minutes.
/// </summary>
internal static class Exactness
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        var tasks = RandomTasks.Draw(quick ? 6 : 50, 2);
        using var folder = new TemporaryFolder();
        PythonBaseline.Draw(tasks, folder.Path);
        foreach (var path in JuliaKernel.Available)
        {
            var different = Benchmarks.Child.Run("exact", $"{tasks.Length} {folder.Path}", path)[0];
            yield return Zero($"{path} against Python, {tasks.Length} random tasks", tasks, different);
        }
        var big = Big(quick);
        foreach (var path in JuliaKernel.Available.Where(path => path != KernelPath.Scalar))
        {
            var different = Benchmarks.Child.Run("exact", quick ? "quick" : "full", path)[0];
            yield return Zero($"{path} against the plain loop, {big.Length} of {big[0].Width} x {big[0].Height}", big, different);
        }
    }

    /// <summary>
    /// Counts the pixels that this process's kernel draws differently: from Python, whose pictures are in a folder ("count folder"), or
    /// from the scalar kernel.
    /// </summary>
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

    /// <summary>Draws a picture and passes each row with its number to <paramref name="use"/>.</summary>
    private static void Rows(JuliaPicture picture, Action<int, ReadOnlySpan<byte>> use)
    {
        var grid = new JuliaGrid(picture);
        var band = new byte[64 * grid.Stride];
        for (var y = 0; y < picture.Height; y++)
        {
            if (y % 64 == 0)
            {
                JuliaKernel.Draw(JuliaKernel.Default, grid, y, Math.Min(64, picture.Height - y), band, CancellationToken.None);
            }
            use(y, band.AsSpan(y % 64 * grid.Stride, picture.Width));
        }
    }

    private static Row Zero(string what, JuliaPicture[] tasks, double different)
    {
        var pixels = tasks.Sum(task => (double)task.Width * task.Height);
        return new Row($"pixels that differ, {what}", $"{pixels / 1e6:f1} M pixels", $"{different}", "", "0", different == 0, true);
    }
}
