using System.Diagnostics;
using CsCheck;
using Faafo.Worker.Png;
using Xunit;

namespace Faafo.Tests.Worker.Png;

public sealed class IndexedPngWriterTests
{
    private static readonly byte[] Palette = [.. Enumerable.Range(0, 768).Select(i => (byte)(i * 7))];

    [Fact]
    public void Random_pictures_decode_to_the_encoded_pixels() =>
        Gen.Select(Gen.Int[1, 399], Gen.Int[1, 89], Gen.Int[1, 99], Gen.Int).Sample(
            (width, height, band, seed) => AssertDecodesEqual(width, height, band, RandomIndices(new Random(seed), width, height)),
            iter: 400);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5000)]
    [InlineData(2, 300)]
    [InlineData(62, 70)]
    [InlineData(63, 70)]
    [InlineData(64, 70)]
    [InlineData(65, 70)]
    [InlineData(257, 65)]
    [InlineData(258, 3)]
    [InlineData(259, 3)]
    [InlineData(16384, 9)]
    public void Flat_pictures_of_awkward_sizes_decode_to_their_pixels(int width, int height) =>
        AssertDecodesEqual(width, height, 64, Enumerable.Repeat((byte)9, width * height).ToArray());

    [Fact]
    public void Skewed_frequencies_keep_codes_within_15_bits()
    {
        // Fibonacci frequencies make the deepest possible Huffman tree: 24 symbols would take 23 bits.
        var indices = new List<byte>();
        for (int symbol = 0, count = 1, next = 1; symbol < 24; symbol++, (count, next) = (next, count + next))
        {
            indices.AddRange(Enumerable.Repeat((byte)symbol, count));
        }
        var shuffled = indices.ToArray();
        new Random(3).Shuffle(shuffled);
        AssertDecodesEqual(1000, shuffled.Length / 1000, 1000, shuffled);
    }

    [Fact]
    public void Files_pass_pngcheck()
    {
        var random = new Random(5);
        foreach (var (width, height) in new[] { (1, 1), (333, 200), (1024, 129) })
        {
            var path = Path.Combine(Path.GetTempPath(), $"faafo-{Guid.NewGuid():N}.png");
            File.WriteAllBytes(path, Encode(width, height, 64, RandomIndices(random, width, height)));
            try
            {
                var (exitCode, output) = Pngcheck(path);
                Assert.True(exitCode == 0, output);
                Assert.Contains($"{width} x {height} image, 8-bit palette", output, StringComparison.Ordinal);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Noise, stripes, repeated rows and flat areas, in up to 256 colours.</summary>
    private static byte[] RandomIndices(Random random, int width, int height)
    {
        var indices = new byte[width * height];
        var colours = 1 << random.Next(0, 9);
        for (var y = 0; y < height; y++)
        {
            var row = indices.AsSpan(y * width, width);
            var kind = random.Next(4);
            if (kind == 0)
            {
                random.NextBytes(row);
            }
            else if (kind == 1 && y > 0)
            {
                indices.AsSpan((y - 1) * width, width).CopyTo(row);
            }
            else
            {
                for (var x = 0; x < width;)
                {
                    var run = row.Slice(x, Math.Min(random.Next(1, kind == 2 ? 5 : 700), width - x));
                    run.Fill((byte)random.Next(colours));
                    x += run.Length;
                }
            }

            foreach (ref var index in row)
            {
                index = (byte)(index % colours);
            }
        }

        return indices;
    }

    private static void AssertDecodesEqual(int width, int height, int bandRows, byte[] indices)
    {
        var decoded = PngDecoder.Decode(Encode(width, height, bandRows, indices));
        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        Assert.Equal(Palette, decoded.Palette);
        Assert.True(indices.AsSpan(0, width * height).SequenceEqual(decoded.Indices), $"{width} x {height} in bands of {bandRows} differ");
    }

    private static byte[] Encode(int width, int height, int bandRows, byte[] indices)
    {
        using var file = new MemoryStream();
        var png = new IndexedPngWriter(file, width, height, Palette);
        var deflater = new BandDeflater();
        var band = new DeflatedBand();
        for (var y = 0; y < height; y += bandRows)
        {
            deflater.Deflate(indices.AsSpan(y * width), width, width, Math.Min(bandRows, height - y), band);
            png.Write(band);
        }

        png.Finish();
        return file.ToArray();
    }

    private static (int ExitCode, string Output) Pngcheck(string path)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("pngcheck", ["-v", path]) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("pngcheck is not installed");
            throw;
        }
    }
}
