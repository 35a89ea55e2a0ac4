namespace Faafo.Worker.Julia;

/// <summary>
/// The original colours a pixel of i passes (i % 8 * 32, i % 16 * 16, i % 32 * 8). That has period 32, so a picture has at
/// most 32 colours and <c>i &amp; 31</c> says all about a pixel.
/// </summary>
internal static class JuliaPalette
{
    /// <summary>Colours in the palette; a power of two, so that a pass count is folded into it by a mask.</summary>
    public const int Colours = 32;

    /// <summary>The colours as 32 triples red, green, blue.</summary>
    public static ReadOnlySpan<byte> Rgb => Triples;

    private static readonly byte[] Triples =
        [.. Enumerable.Range(0, Colours).SelectMany(i => new[] { (byte)(i % 8 * 32), (byte)(i % 16 * 16), (byte)(i % 32 * 8) })];
}
