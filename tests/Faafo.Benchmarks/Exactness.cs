using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>Pixels that differ from the Python formula, and from the plain loop on pictures that Python would take minutes for.</summary>
internal static class Exactness
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        var tasks = RandomTasks.Draw(quick ? 6 : 50, 2);
        using var folder = new TemporaryFolder();
        PythonBaseline.Draw(tasks, folder.Path);
        foreach (var path in JuliaKernel.Available)
        {
            long different = 0;
            for (var k = 0; k < tasks.Length; k++)
            {
                var expected = File.ReadAllBytes(Path.Combine(folder.Path, $"{k}"));
                Rows(path, tasks[k], (at, band) =>
                {
                    for (var i = 0; i < band.Length; i++, at++)
                        different += JuliaPalette.Rgb.Slice(3 * band[i], 3).SequenceEqual(expected.AsSpan(3 * at, 3)) ? 0 : 1;
                });
            }

            yield return Zero($"{path} against Python, {tasks.Length} random tasks", tasks, different);
        }

        var big = RandomTasks.Draw(quick ? 1 : 8, 3, quick ? 2500 : 9999);
        foreach (var path in JuliaKernel.Available.Where(path => path != KernelPath.Scalar))
            yield return Zero($"{path} against the plain loop, {big.Length} of {big[0].Width} x {big[0].Height}", big, big.Sum(task => DifferentFromLoop(path, task)));
    }

    private static long DifferentFromLoop(KernelPath path, JuliaPicture picture)
    {
        long different = 0;
        var grid = new JuliaGrid(picture);
        var loop = new byte[64 * grid.Stride];
        var row = 0;
        Rows(path, picture, (at, band) =>
        {
            if (row % 64 == 0)
                JuliaKernel.Draw(KernelPath.Scalar, grid, row, Math.Min(64, picture.Height - row), loop, CancellationToken.None);
            var expected = loop.AsSpan(row % 64 * grid.Stride, picture.Width);
            for (var i = 0; i < band.Length; i++)
                different += band[i] == expected[i] ? 0 : 1;
            row++;
        });
        return different;
    }

    /// <summary>Draws a picture and shows each row with the number of the pixel it starts at.</summary>
    private static void Rows(KernelPath path, JuliaPicture picture, Action<int, ReadOnlySpan<byte>> see)
    {
        var grid = new JuliaGrid(picture);
        var band = new byte[64 * grid.Stride];
        for (var y = 0; y < picture.Height; y++)
        {
            if (y % 64 == 0)
                JuliaKernel.Draw(path, grid, y, Math.Min(64, picture.Height - y), band, CancellationToken.None);
            see(y * picture.Width, band.AsSpan(y % 64 * grid.Stride, picture.Width));
        }
    }

    private static Row Zero(string what, JuliaPicture[] tasks, long different) =>
        new($"pixels that differ, {what}", $"{tasks.Sum(task => (double)task.Width * task.Height) / 1e6:f1} M pixels", $"{different}", "", "0", different == 0, true);
}
