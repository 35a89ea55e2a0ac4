namespace Faafo.Worker.Julia;

/// <summary>
/// The colours of the original Faafo (openstack-archive/faafo): a pixel of i passes is (i % 8 * 32, i % 16 * 16, i % 32 * 8). The period is
/// 32, so a picture has at most 32 colours, and <c>i &amp; 31</c> identifies the colour of a pixel.
/// </summary>
internal static class JuliaPalette
{
    /// <summary>Number of colours; a power of two, so that a mask folds a pass count into the palette.</summary>
    public const int Colours = 32;

    /// <summary>The colours as 32 triples of red, green and blue.</summary>
    public static ReadOnlySpan<byte> Rgb => Triples;

    private static readonly byte[] Triples =
        [.. Enumerable.Range(0, Colours).SelectMany(i => new[] { (byte)(i % 8 * 32), (byte)(i % 16 * 16), (byte)(i % 32 * 8) })];
}
