using System.Globalization;
using System.IO.Compression;
using Faafo.Worker.Julia;
using Faafo.Worker.Png;

namespace Faafo.Benchmarks;

/// <summary>PNG encoding of rendered pictures against ZLibStream and Pillow.</summary>
internal static class PngEncoding
{
    public static IEnumerable<Row> Measure(bool quick)
    {
        foreach (var side in quick ? [1024] : new[] { 256, 1024, 9999 })
        {
            // Three pictures, of which the median is reported: their amounts of data differ by a factor of two.
            var tasks = RandomTasks.Draw(side == 9999 ? 1 : 3, 4, side);
            var withGoal = side == 1024;
            var results = tasks.Select(task => AgainstZlib(task, quick ? 5 : 21)).ToArray();
            double ratio = results.Min(result => result.Ratio), larger = results.Max(result => (double)result.Size / result.ZlibSize);
            var picture = $"PNG {side} x {side}";
            var zlibTime = Milliseconds(results.Select(r => r.Zlib), 2);
            var ourTime = Milliseconds(results.Select(r => r.Ours), 2);
            var ourSize = Kilobytes(results.Select(r => r.Size));
            yield return new Row($"{picture}, ZLibStream Optimal", zlibTime, ourTime, $"{ratio:f1}x",
                withGoal ? ">= 5x each" : "", withGoal ? ratio >= 5 : null);
            yield return new Row($"{picture}, size", Kilobytes(results.Select(r => r.ZlibSize)), ourSize, $"{larger:f3}x",
                withGoal ? "<= 1.12x each" : "", withGoal ? larger <= 1.12 : null);
            if (side == 9999)
            {
                continue;
            }
            var pillow = PythonBaseline.Draw(tasks);
            ratio = pillow.Zip(results, (p, r) => p.Png / r.Ours).Min();
            larger = pillow.Zip(results, (p, r) => (double)r.Size / p.Size).Max();
            yield return new Row($"{picture}, Pillow", Milliseconds(pillow.Select(p => p.Png), 1), ourTime, $"{ratio:f0}x",
                withGoal ? ">= 40x each" : "", withGoal ? ratio >= 40 : null);
            yield return new Row($"{picture}, size of Pillow's", Kilobytes(pillow.Select(p => p.Size)), ourSize, $"{larger:f3}x",
                withGoal ? "<= 1x each" : "", withGoal ? larger <= 1 : null);
            if (withGoal)
            {
                yield return Format(tasks);
            }
        }
    }

    private static (double Zlib, double Ours, double Ratio, long ZlibSize, long Size) AgainstZlib(JuliaPicture picture, int rounds)
    {
        var grid = new JuliaGrid(picture);
        var indices = new byte[((grid.Height + 63) & ~63) * grid.Stride];
        for (var y = 0; y < grid.Height; y += 64)
        {
            var rows = indices.AsSpan(y * grid.Stride);
            JuliaKernel.Draw(JuliaKernel.Default, grid, y, Math.Min(64, grid.Height - y), rows, CancellationToken.None);
        }
        var raw = new byte[(grid.Width + 1) * grid.Height];
        for (var y = 0; y < grid.Height; y++)
        {
            indices.AsSpan(y * grid.Stride, grid.Width).CopyTo(raw.AsSpan((y * (grid.Width + 1)) + 1));
        }
        using MemoryStream zlibFile = new(), file = new();
        var deflater = new BandDeflater();
        var band = new DeflatedBand();
        var (zlib, ours, ratio) = Pairs.Measure(
            grid.Width > 2000 ? 3 : rounds,
            (() =>
            {
                zlibFile.SetLength(0);
                using var stream = new ZLibStream(zlibFile, CompressionLevel.Optimal, true);
                stream.Write(raw);
            },
            () =>
            {
                file.SetLength(0);
                var png = new IndexedPngWriter(file, grid.Width, grid.Height, JuliaPalette.Rgb);
                var rows = JuliaPng.BandRows(grid.Width);
                for (var y = 0; y < grid.Height; y += rows)
                {
                    deflater.Deflate(indices.AsSpan(y * grid.Stride), grid.Stride, grid.Width, Math.Min(rows, grid.Height - y), band);
                    png.Write(band);
                }
                png.Finish();
            }
        ));
        return (zlib, ours, ratio, zlibFile.Length, file.Length);
    }

    /// <summary>Counts the files that pngcheck rejects or from which Pillow reads other pixels.</summary>
    private static Row Format(JuliaPicture[] tasks)
    {
        var wrong = 0;
        foreach (var task in tasks)
        {
            using var file = new MemoryStream();
            JuliaPng.Write(task, file, 2, CancellationToken.None);
            using var folder = new TemporaryFolder();
            var name = Path.Combine(folder.Path, "file.png");
            File.WriteAllBytes(name, file.ToArray());
            if (!Child.Output("pngcheck", [name]).StartsWith("OK", StringComparison.Ordinal))
            {
                wrong++;
            }
            var grid = new JuliaGrid(task);
            var rgb = new byte[3 * task.Width * task.Height];
            for (var i = 0; i < rgb.Length; i += 3)
            {
                var passes = ScalarKernel.Passes(grid.X[i / 3 % task.Width], grid.Y[i / 3 / task.Width], grid.Cx, grid.Cy, grid.Limit);
                JuliaPalette.Rgb.Slice(3 * (passes & (JuliaPalette.Colours - 1)), 3).CopyTo(rgb.AsSpan(i));
            }
            if (!PythonBaseline.Decode(file.ToArray()).AsSpan().SequenceEqual(rgb))
            {
                wrong++;
            }
        }
        const string what = "PNG rejected by pngcheck or read differently by Pillow";
        return new Row(what, $"{tasks.Length} files", $"{wrong}", "", "0", wrong == 0, true);
    }

    private static string Kilobytes(IEnumerable<long> sizes) => string.Join(" / ", sizes.Select(size => $"{size / 1e3:f0}")) + " KB";

    private static string Milliseconds(IEnumerable<double> seconds, int digits) =>
        (Pairs.Median(seconds) * 1e3).ToString($"f{digits}", CultureInfo.CurrentCulture) + " ms";
}
