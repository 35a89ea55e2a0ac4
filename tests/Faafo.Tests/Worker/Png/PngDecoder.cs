using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Xunit;

namespace Faafo.Tests.Worker.Png;

/// <summary>
/// A decoder of indexed PNGs that shares no code with the encoder: inflation and Adler-32 are zlib's, CRC-32 is computed bit by bit, and
/// all rules of the format that the file could violate are asserted.
/// </summary>
internal static class PngDecoder
{
    internal sealed record Picture(int Width, int Height, byte[] Palette, byte[] Indices);

    public static Picture Decode(byte[] file)
    {
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(file[..8]));
        var chunks = Chunks(file).ToList();
        Assert.Equal("IHDR", chunks[0].Type);
        Assert.Equal("PLTE", chunks[1].Type);
        Assert.All(chunks[2..^1], chunk => Assert.Equal("IDAT", chunk.Type));
        Assert.Equal("IEND", chunks[^1].Type);
        var header = chunks[0].Data;
        Assert.Equal("0803000000", Convert.ToHexString(header[8..]));
        var width = BinaryPrimitives.ReadInt32BigEndian(header);
        var height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));

        using var deflated = new MemoryStream(chunks[2..^1].SelectMany(chunk => chunk.Data).ToArray());
        using var zlib = new ZLibStream(deflated, CompressionMode.Decompress);
        var indices = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            Assert.Equal(0, zlib.ReadByte());
            zlib.ReadExactly(indices, y * width, width);
        }

        Assert.Equal(-1, zlib.ReadByte());
        return new Picture(width, height, chunks[1].Data, indices);
    }

    private static IEnumerable<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var typeAndData = file.AsSpan(at + 4, length + 4);
            Assert.Equal(SlowCrc(typeAndData), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            yield return (Encoding.ASCII.GetString(typeAndData[..4]), typeAndData[4..].ToArray());
            at += length + 12;
        }
    }

    private static uint SlowCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
