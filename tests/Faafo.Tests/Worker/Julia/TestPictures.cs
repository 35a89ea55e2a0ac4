using Faafo.Worker.Julia;
using Xunit;

namespace Faafo.Tests.Worker.Julia;

/// <summary>Pictures drawn without PNG encoding.</summary>
internal static class TestPictures
{
    /// <summary>Returns the path of a name; skips the test on a CPU that does not support it.</summary>
    public static KernelPath PathOrSkip(string name)
    {
        var path = Enum.Parse<KernelPath>(name);
        Assert.SkipUnless(JuliaKernel.Available.Contains(path), $"this CPU lacks {name}");
        return path;
    }

    /// <summary>Draws in bands of 64 rows; returns the palette indices of all pixels, row by row, without padding.</summary>
    public static byte[] Draw(KernelPath path, JuliaPicture picture)
    {
        var grid = new JuliaGrid(picture);
        var band = new byte[64 * grid.Stride];
        var indices = new byte[picture.Width * picture.Height];
        for (var y = 0; y < picture.Height; y++)
        {
            if (y % 64 == 0)
            {
                JuliaKernel.Draw(path, grid, y, Math.Min(64, picture.Height - y), band, TestContext.Current.CancellationToken);
            }
            band.AsSpan(y % 64 * grid.Stride, picture.Width).CopyTo(indices.AsSpan(y * picture.Width));
        }

        return indices;
    }
}
