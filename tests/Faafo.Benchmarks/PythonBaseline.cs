using Faafo.Worker.Julia;

namespace Faafo.Benchmarks;

/// <summary>The original Faafo (openstack-archive/faafo), measured by baseline.py.</summary>
internal static class PythonBaseline
{
    /// <summary>CPU seconds of drawing, encoding and hashing a picture, and the size of its PNG in bytes.</summary>
    internal sealed record Answer(double Draw, double Png, double Hash, long Size);

    /// <summary>Draws pictures one after another; with a folder, writes the RGB bytes of picture k to the file "k" in it.</summary>
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

    /// <summary>Returns the RGB bytes that Pillow reads from a PNG.</summary>
    public static byte[] Decode(byte[] png)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "png");
        var rgb = Path.Combine(folder.Path, "rgb");
        File.WriteAllBytes(file, png);
        Child.Python<object, object>("decode", [new { Png = file, Rgb = rgb }]);
        return File.ReadAllBytes(rgb);
    }
}
