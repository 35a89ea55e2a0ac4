using CsCheck;
using Faafo.Worker.Png;
using Xunit;

namespace Faafo.Tests.Worker.Png;

public sealed class ChecksumTests
{
    /// <summary>The check value of CRC-32 (of "123456789"), and zlib's Adler-32 of "Wikipedia".</summary>
    [Fact]
    public void Known_values_are_computed()
    {
        Assert.Equal(0xcbf43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0x11e60398u, Adler32.Of("Wikipedia"u8));
        Assert.Equal(Adler32.Empty, Adler32.Of([]));
    }

    [Fact]
    public void Crc_in_parts_equals_the_crc_of_all() =>
        BytesAndCut(400).Sample((bytes, cut) =>
            Assert.Equal(Crc32.Append(0, bytes), Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut))));

    [Fact]
    public void Adler_equals_the_plain_sums_and_can_be_combined() => BytesAndCut(12_000).Sample(AssertAdler, iter: 1000);

    /// <summary>The lengths around those at which the vector code changes its path, of the byte with the largest sums.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(5535)]
    [InlineData(5536)]
    [InlineData(5537)]
    [InlineData(65521)]
    [InlineData(300_001)]
    public void Adler_of_the_largest_bytes_does_not_overflow(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(255);

        AssertAdler(bytes, length / 3);
    }

    private static Gen<(byte[] Bytes, int Cut)> BytesAndCut(int longest) =>
        Gen.Byte.Array[0, longest].SelectMany(bytes => Gen.Int[0, bytes.Length].Select(cut => (bytes, cut)));

    private static void AssertAdler(byte[] bytes, int cut)
    {
        Assert.Equal(Plain(bytes), Adler32.Of(bytes));
        var combined = Adler32.Combine(Adler32.Of(bytes.AsSpan(0, cut)), Adler32.Of(bytes.AsSpan(cut)), bytes.Length - cut);
        Assert.Equal(Plain(bytes), combined);
    }

    private static uint Plain(byte[] bytes)
    {
        ulong a = 1, b = 0;
        foreach (var value in bytes)
        {
            b += a = (a + value) % 65521;
        }
        return (uint)(((b % 65521) << 16) | a);
    }
}
