using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Png;

/// <summary>
/// The checksum of a zlib stream (RFC 1950, section 9): the sum of the bytes, and the sum of its running values, both modulo 65521.
/// </summary>
internal static class Adler32
{
    private const uint Modulus = 65521;

    /// <summary>
    /// The most bytes that can be added to sums below the modulus without an overflow of 32 bits (NMAX of zlib, 5552), in whole vectors.
    /// </summary>
    private const int Longest = 5536;

    /// <summary>The checksum of no bytes.</summary>
    public const uint Empty = 1;

    /// <summary>Computes the checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint a = 1, b = 0;
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(Longest, bytes.Length)];
            bytes = bytes[part.Length..];
            if (Avx2.IsSupported)
            {
                part = part[Vectors(part, ref a, ref b)..];
            }
            foreach (var value in part)
            {
                a += value;
                b += a;
            }
            a %= Modulus;
            b %= Modulus;
        }
        return (b << 16) | a;
    }

    /// <summary>
    /// Sums whole vectors of 32 bytes and returns the number of bytes summed. A vector adds its sum to a; to b it adds 32 times the
    /// previous a, and its bytes with the weights 32 to 1. The previous values of a are summed in the loop and multiplied once at the end.
    /// </summary>
    private static int Vectors(ReadOnlySpan<byte> bytes, ref uint a, ref uint b)
    {
        var weights = Vector256.Create(
            (sbyte)32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        Vector256<int> sum = default, before = default, weighted = default;
        var done = 0;
        for (; done + 32 <= bytes.Length; done += 32)
        {
            var part = Vector256.Create(bytes.Slice(done, 32));
            before += sum;
            sum += Avx2.SumAbsoluteDifferences(part, Vector256<byte>.Zero).AsInt32();
            weighted += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(part, weights), Vector256<short>.One);
        }
        b += (a * (uint)done) + (32 * (uint)Vector256.Sum(before)) + (uint)Vector256.Sum(weighted);
        a += (uint)Vector256.Sum(sum);
        return done;
    }

    /// <summary>
    /// Computes the checksum of two concatenated texts from their checksums. The first sum of the second text starts at 1 again, so the
    /// first text contributes one less than its sum, and contributes it to b once for each byte of the second text.
    /// </summary>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        ulong carried = (first & 0xffff) + Modulus - 1;
        var a = ((first & 0xffff) + (second & 0xffff) + Modulus - 1) % Modulus;
        var b = ((first >> 16) + (second >> 16) + ((ulong)(secondLength % Modulus) * carried)) % Modulus;
        return ((uint)b << 16) | a;
    }
}
