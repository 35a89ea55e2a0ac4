using System.Buffers.Binary;

namespace Faafo.Worker.Png;

/// <summary>
/// Writes a picture of up to 256 colours as a PNG (W3C, "Portable Network Graphics", third edition), a band of rows at a time. Each band is
/// one IDAT chunk of the same zlib stream, so only the current band is kept in memory.
/// </summary>
internal sealed class IndexedPngWriter
{
    private readonly Stream _output;
    private uint _adler = Adler32.Empty;

    /// <summary>Writes everything that precedes the rows.</summary>
    /// <param name="output">Receives the file; it is never read, positioned or closed.</param>
    /// <param name="width">Pixels per row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="palette">Red, green and blue of 1 to 256 colours.</param>
    public IndexedPngWriter(Stream output, int width, int height, ReadOnlySpan<byte> palette)
    {
        _output = output;
        output.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n']);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits per index
        header[9] = 3; // indexed colour; compression, filter and interlace stay 0: deflate, adaptive, none
        Chunk("IHDR"u8, header);
        Chunk("PLTE"u8, palette);
        // The zlib header (RFC 1950): deflate with a 32 KiB window, no dictionary, and the check bits that make it a multiple of 31.
        Chunk("IDAT"u8, [0x78, 0x5e]);
    }

    /// <summary>Writes the next band of rows.</summary>
    public void Write(DeflatedBand band)
    {
        _adler = Adler32.Combine(_adler, band.Adler, band.RawLength);
        Chunk("IDAT"u8, band.Bytes);
    }

    /// <summary>Completes the file after the last band.</summary>
    public void Finish()
    {
        // An empty last block with fixed codes (RFC 1951, section 3.2.6), then the checksum of all bytes before compression.
        Span<byte> end = [0x03, 0x00, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(end[2..], _adler);
        Chunk("IDAT"u8, end);
        Chunk("IEND"u8, []);
    }

    private void Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        _output.Write(number);
        _output.Write(type);
        _output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), data));
        _output.Write(number);
    }
}
