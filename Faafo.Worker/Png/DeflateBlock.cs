using System.Numerics;

namespace Faafo.Worker.Png;

/// <summary>
/// Writes tokens as one deflate block with dynamic Huffman codes (RFC 1951, section 3.2.7), followed by an empty stored block, which ends
/// at a whole byte, so that independently written blocks can be concatenated (zlib calls it a sync flush). A token is a byte (0 to 255) or
/// a match: its length minus 3, plus 256 at distance 1 or 512 at the distance of a row.
/// </summary>
internal sealed class DeflateBlock
{
    /// <summary>Number of tokens: bytes, and matches of 256 lengths at two distances.</summary>
    public const int Tokens = 768;

    private const int LengthSymbols = 286, DistanceSymbols = 30, EndOfBlock = 256;

    /// <summary>The order of the lengths of the code length code (RFC 1951, section 3.2.7).</summary>
    private static readonly byte[] LengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly int[] _frequencies = new int[LengthSymbols + DistanceSymbols];
    private readonly byte[] _lengths = new byte[LengthSymbols + DistanceSymbols];
    private readonly ushort[] _codes = new ushort[LengthSymbols + DistanceSymbols];
    private readonly int[] _lengthFrequencies = new int[19];
    private readonly byte[] _lengthLengths = new byte[19];
    private readonly ushort[] _lengthCodes = new ushort[19];

    /// <summary>The code of each token in the low 56 bits, the number of its bits above.</summary>
    private readonly ulong[] _entries = new ulong[Tokens];

    /// <summary>Writes a block into <paramref name="band"/> and returns its number of bytes.</summary>
    /// <param name="tokens">The tokens in order, one or more.</param>
    /// <param name="counts">The number of occurrences of each of the <see cref="Tokens"/>.</param>
    /// <param name="rowDistance">The longer distance, 2 to 32768.</param>
    /// <param name="band">Receives the block.</param>
    public int Write(ReadOnlySpan<ushort> tokens, ReadOnlySpan<int> counts, int rowDistance, DeflatedBand band)
    {
        MakeCodes(counts, rowDistance);
        long bits = 0;
        for (var token = 0; token < Tokens; token++)
        {
            bits += counts[token] * (long)(_entries[token] >> 56);
        }
        // In addition to the tokens: at most 19 lengths of 3 bits, 316 of 14 bits, and the ends of two blocks.
        var writer = new BitWriter(band.Reserve((int)(bits / 8) + 1024));
        WriteHeader(ref writer);
        // A copy whose address is not taken stays in registers.
        var fast = writer;
        foreach (var token in tokens)
        {
            var entry = _entries[token];
            fast.Write(entry & 0xffffffffffffff, (int)(entry >> 56));
        }
        writer = fast;
        writer.Write(_codes[EndOfBlock], _lengths[EndOfBlock]);
        writer.Write(0, 3);
        writer.Align();
        writer.Write(0xffff0000, 32);
        return writer.Align();
    }

    private void MakeCodes(ReadOnlySpan<int> counts, int rowDistance)
    {
        Array.Clear(_frequencies);
        _frequencies[EndOfBlock] = 1;
        for (var token = 0; token < Tokens; token++)
        {
            if (counts[token] == 0)
            {
                continue;
            }
            _frequencies[LengthSymbol(token).Symbol] += counts[token];
            if (token >= 256)
            {
                _frequencies[LengthSymbols + DistanceSymbol(token < 512 ? 1 : rowDistance).Symbol] += counts[token];
            }
        }
        // Without a match there is no distance; RFC 1951 (section 3.2.7) then wants one unused distance code of one bit.
        if (_frequencies.AsSpan(LengthSymbols).IndexOfAnyExcept(0) < 0)
        {
            _frequencies[LengthSymbols] = 1;
        }
        HuffmanCode.Lengths(_frequencies.AsSpan(0, LengthSymbols), _lengths.AsSpan(0, LengthSymbols), 15);
        HuffmanCode.Lengths(_frequencies.AsSpan(LengthSymbols), _lengths.AsSpan(LengthSymbols), 15);
        HuffmanCode.Codes(_lengths.AsSpan(0, LengthSymbols), _codes.AsSpan(0, LengthSymbols));
        HuffmanCode.Codes(_lengths.AsSpan(LengthSymbols), _codes.AsSpan(LengthSymbols));
        for (var token = 0; token < Tokens; token++)
        {
            _entries[token] = counts[token] == 0 ? 0 : Entry(token, rowDistance);
        }
    }

    private ulong Entry(int token, int rowDistance)
    {
        ulong bits = 0;
        var count = 0;
        void Append(int value, int length)
        {
            bits |= (ulong)value << count;
            count += length;
        }
        var (symbol, extra, extraBits) = LengthSymbol(token);
        Append(_codes[symbol], _lengths[symbol]);
        Append(extra, extraBits);
        if (token >= 256)
        {
            (symbol, extra, extraBits) = DistanceSymbol(token < 512 ? 1 : rowDistance);
            Append(_codes[LengthSymbols + symbol], _lengths[LengthSymbols + symbol]);
            Append(extra, extraBits);
        }
        return bits | ((ulong)count << 56);
    }

    /// <summary>
    /// Returns the byte itself, or the symbol of the length of a match and its extra bits: four symbols per power of two from 8 on.
    /// </summary>
    private static (int Symbol, int Extra, int ExtraBits) LengthSymbol(int token)
    {
        if (token < 256)
        {
            return (token, 0, 0);
        }
        var beyond = token & 255;
        if (beyond == 255)
        {
            return (285, 0, 0);
        }
        var extraBits = Math.Max(BitOperations.Log2((uint)beyond | 1) - 2, 0);
        return (257 + (extraBits * 4) + (beyond >> extraBits), beyond & ((1 << extraBits) - 1), extraBits);
    }

    /// <summary>Returns the symbol of a distance and its extra bits: two symbols per power of two from 4 on.</summary>
    private static (int Symbol, int Extra, int ExtraBits) DistanceSymbol(int distance)
    {
        var beyond = distance - 1;
        var extraBits = Math.Max(BitOperations.Log2((uint)beyond | 1) - 1, 0);
        return ((extraBits * 2) + (beyond >> extraBits), beyond & ((1 << extraBits) - 1), extraBits);
    }

    /// <summary>
    /// Writes the lengths of both codes one after the other, encoded themselves: 0 to 15, and 17 or 18 for three or more zeros. Repeats of
    /// other lengths (16) are not used; they would save a few bytes per band.
    /// </summary>
    private void WriteHeader(ref BitWriter writer)
    {
        var last = LengthSymbols - 1;
        while (_lengths[last] == 0)
        {
            last--;
        }
        var lastDistance = LengthSymbols + DistanceSymbols - 1;
        while (_lengths[lastDistance] == 0)
        {
            lastDistance--;
        }
        Span<byte> all = stackalloc byte[LengthSymbols + DistanceSymbols];
        _lengths.AsSpan(0, last + 1).CopyTo(all);
        _lengths.AsSpan(LengthSymbols..(lastDistance + 1)).CopyTo(all[(last + 1)..]);
        all = all[..(last + 1 + lastDistance + 1 - LengthSymbols)];

        // Symbols, each with the number of zeros that it encodes.
        Span<(byte Symbol, byte Zeros)> symbols = stackalloc (byte, byte)[all.Length];
        var count = 0;
        Array.Clear(_lengthFrequencies);
        for (var i = 0; i < all.Length;)
        {
            var zeros = all[i..].IndexOfAnyExcept((byte)0);
            zeros = Math.Min(zeros < 0 ? all.Length - i : zeros, 138);
            var symbol = zeros switch { < 3 => all[i], < 11 => (byte)17, _ => (byte)18 };
            symbols[count++] = (symbol, (byte)zeros);
            _lengthFrequencies[symbol]++;
            i += symbol < 16 ? 1 : zeros;
        }
        HuffmanCode.Lengths(_lengthFrequencies, _lengthLengths, 7);
        HuffmanCode.Codes(_lengthLengths, _lengthCodes);
        var most = LengthOrder.Length - 1;
        while (_lengthLengths[LengthOrder[most]] == 0)
        {
            most--;
        }
        writer.Write(0b100, 3);
        writer.Write((ulong)(last + 1 - 257), 5);
        writer.Write((ulong)(lastDistance - LengthSymbols), 5);
        writer.Write((ulong)(most + 1 - 4), 4);
        for (var i = 0; i <= most; i++)
        {
            writer.Write(_lengthLengths[LengthOrder[i]], 3);
        }
        foreach (var (symbol, zeros) in symbols[..count])
        {
            writer.Write(_lengthCodes[symbol], _lengthLengths[symbol]);
            if (symbol == 17)
            {
                writer.Write((ulong)(zeros - 3), 3);
            }
            else if (symbol == 18)
            {
                writer.Write((ulong)(zeros - 11), 7);
            }
        }
    }
}
