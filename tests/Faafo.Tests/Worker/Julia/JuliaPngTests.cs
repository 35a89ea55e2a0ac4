using Faafo.Tests.Worker.Png;
using Faafo.Worker.Julia;
using Xunit;

namespace Faafo.Tests.Worker.Julia;

public sealed class JuliaPngTests
{
    private static readonly JuliaPicture Picture = new(301, 205, 200, -1.5, 1.5, -1.2, 1.2, -0.7269, 0.1889);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void File_decodes_to_the_drawn_pixels_on_any_number_of_cores(int cores)
    {
        using var file = new MemoryStream();
        JuliaPng.Write(Picture, file, cores, TestContext.Current.CancellationToken);
        var decoded = PngDecoder.Decode(file.ToArray());
        Assert.Equal((Picture.Width, Picture.Height), (decoded.Width, decoded.Height));
        Assert.Equal(JuliaPalette.Rgb.ToArray(), decoded.Palette);
        Assert.Equal(TestPictures.Draw(KernelPath.Scalar, Picture), decoded.Indices);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(8193)]
    [InlineData(16384)]
    public void Wide_pictures_decode_to_the_drawn_pixels(int width)
    {
        // Wide pictures have bands of fewer rows.
        var picture = Picture with { Width = width, Height = 70 };
        using var file = new MemoryStream();
        JuliaPng.Write(picture, file, 2, TestContext.Current.CancellationToken);
        Assert.True(PngDecoder.Decode(file.ToArray()).Indices.AsSpan().SequenceEqual(TestPictures.Draw(KernelPath.Scalar, picture)));
    }

    [Fact]
    public void File_is_the_same_on_any_number_of_cores()
    {
        var files = new[] { 1, 2, 3 }.Select(cores =>
        {
            using var file = new MemoryStream();
            JuliaPng.Write(Picture, file, cores, TestContext.Current.CancellationToken);
            return Convert.ToBase64String(file.ToArray());
        });
        Assert.Single(files.Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cancelled_write_throws(int cores)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => JuliaPng.Write(Picture, Stream.Null, cores, cancelled.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Write_to_a_failing_stream_throws_its_exception(int cores)
    {
        using var full = new FullStream();
        var picture = Picture with { Height = 2000 };
        Assert.Throws<IOException>(() => JuliaPng.Write(picture, full, cores, TestContext.Current.CancellationToken));
    }

    /// <summary>A disk with room for little more than the header.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > 5000)
            {
                throw new IOException("No space left on device");
            }
            base.Write(buffer);
        }
    }
}
