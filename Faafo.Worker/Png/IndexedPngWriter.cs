using System.Buffers.Binary;

namespace Faafo.Worker.Png;

/// <summary>
/// Writes a picture of up to 256 colours as a PNG (W3C, "Portable Network Graphics", third edition), a band of rows at a
/// time. Each band is one IDAT chunk of the same zlib stream, so nothing but the band at hand is kept.
/// </summary>
internal sealed class IndexedPngWriter
{
    private readonly Stream output;
    private uint adler = Adler32.Empty;

    /// <summary>Writes all that precedes the rows.</summary>
    /// <param name="output">Where the file goes; never read, sought or closed.</param>
    /// <param name="width">Pixels per row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="palette">Red, green, blue of 1 to 256 colours.</param>
    public IndexedPngWriter(Stream output, int width, int height, ReadOnlySpan<byte> palette)
    {
        this.output = output;
        output.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n']);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per index
        header[9] = 3; // indexed colour; compression, filter and interlace stay 0, their only or plain method
        Chunk("IHDR"u8, header);
        Chunk("PLTE"u8, palette);
        // The zlib header (RFC 1950): deflate with a 32 KiB window, no dictionary, and the check bits that make it a multiple of 31.
        Chunk("IDAT"u8, [0x78, 0x5e]);
    }

    /// <summary>Writes the next band of rows.</summary>
    public void Write(DeflatedBand band)
    {
        adler = Adler32.Combine(adler, band.Adler, band.RawLength);
        Chunk("IDAT"u8, band.Bytes);
    }

    /// <summary>Ends the file, after the last band.</summary>
    public void Finish()
    {
        // An empty last block of fixed codes (RFC 1951, section 3.2.6), then the checksum of everything before compression.
        Span<byte> end = [0x03, 0x00, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(end[2..], adler);
        Chunk("IDAT"u8, end);
        Chunk("IEND"u8, []);
    }

    private void Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), data));
        output.Write(number);
    }
}
