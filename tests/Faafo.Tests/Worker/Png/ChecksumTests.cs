using System.Text;
using Faafo.Worker.Png;
using Xunit;

namespace Faafo.Tests.Worker.Png;

public sealed class ChecksumTests
{
    /// <summary>The check value of CRC-32 in CRC catalogues, and zlib's Adler-32 of "Wikipedia".</summary>
    [Fact]
    public void Known_values_are_equal()
    {
        Assert.Equal(0xcbf43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0x11e60398u, Adler32.Of("Wikipedia"u8));
        Assert.Equal(Adler32.Empty, Adler32.Of([]));
    }

    [Fact]
    public void Crc_of_parts_equals_the_crc_of_the_whole()
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 100)));
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Crc32.Append(0, bytes), Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }
    }

    [Fact]
    public void Adler_equals_the_definition_and_can_be_combined()
    {
        var random = new Random(2);
        foreach (var length in new[] { 1, 31, 32, 33, 5535, 5536, 5537, 65521, 300_001 })
        {
            var bytes = new byte[length];
            bytes.AsSpan().Fill(255);
            if (length % 2 == 0)
            {
                random.NextBytes(bytes);
            }
            var cut = random.Next(length + 1);
            Assert.Equal(Plain(bytes), Adler32.Of(bytes));
            Assert.Equal(Plain(bytes), Adler32.Combine(Adler32.Of(bytes.AsSpan(0, cut)), Adler32.Of(bytes.AsSpan(cut)), length - cut));
        }
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
