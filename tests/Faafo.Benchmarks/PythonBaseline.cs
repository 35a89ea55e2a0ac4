using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>The original's way, by baseline.py.</summary>
internal static class PythonBaseline
{
    /// <summary>Processor seconds of drawing, encoding and hashing a picture, and the bytes of its PNG.</summary>
    internal sealed record Answer(double Draw, double Png, double Hash, long Size);

    /// <summary>Draws pictures one after the other; with a folder, leaves the RGB bytes of picture k in the file "k" there.</summary>
    public static Answer[] Draw(JuliaPicture[] pictures, string? folder = null) => Child.Python<object, Answer>(
        "draw",
        pictures.Select((p, k) => new
        {
            p.Width,
            p.Height,
            p.Iterations,
            p.Xa,
            p.Xb,
            p.Ya,
            p.Yb,
            p.Cx,
            p.Cy,
            Rgb = folder is null ? null : Path.Combine(folder, $"{k}"),
        }));

    /// <summary>The RGB bytes that Pillow reads from a PNG.</summary>
    public static byte[] Decode(byte[] png)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "png"), rgb = Path.Combine(folder.Path, "rgb");
        File.WriteAllBytes(file, png);
        Child.Python<object, object>("decode", [new { Png = file, Rgb = rgb }]);
        return File.ReadAllBytes(rgb);
    }
}

/// <summary>A folder that lives as long as its object.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("faafo-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, true);
}
