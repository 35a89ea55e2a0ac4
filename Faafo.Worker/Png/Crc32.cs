using System.Buffers.Binary;

namespace Faafo.Worker.Png;

/// <summary>
/// The checksum of a PNG chunk (PNG, annex D: polynomial 0xEDB88320, bits reversed), eight bytes per step with eight tables
/// (Kounavis and Berry, "A systematic approach to building high performance software-based CRC generators", 2005).
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Tables = BuildTables();

    /// <summary>Appends bytes to a checksum; the checksum of no bytes is 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var next = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = 0;
            for (var i = 0; i < 8; i++)
            {
                crc ^= tables[((7 - i) << 8) | (int)((next >> (8 * i)) & 0xff)];
            }
        }
        foreach (var value in bytes)
        {
            crc = tables[(byte)crc ^ value] ^ (crc >> 8);
        }
        return ~crc;
    }

    /// <summary>Builds the tables: table k (256 entries from 256 * k) is the effect of a byte that is followed by k more bytes.</summary>
    private static uint[] BuildTables()
    {
        var tables = new uint[8 * 256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xedb88320;
            }
            tables[value] = crc;
        }
        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        }
        return tables;
    }
}
