using System.Globalization;
using Faafo.Options;
using Xunit;

namespace Faafo.Tests.Options;

public sealed class NumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("007", 7)]
    [InlineData("+5", 5)]
    [InlineData("-5", -5)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("-2147483648", int.MinValue)]
    public void Sign_and_digits_are_a_whole_number(string text, int expected)
    {
        Assert.True(Number.TryWhole(text, out var number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("--5")]
    [InlineData("+-5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\n")]
    [InlineData("5\0")]
    [InlineData("1,000")]
    [InlineData("1.000")]
    [InlineData("1,0")]
    [InlineData("1_000")]
    [InlineData("1 000")]
    [InlineData("1\u00a0000")]
    [InlineData("1'000")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("(5)")]
    [InlineData("5-")]
    [InlineData("$5")]
    [InlineData("¤5")]
    [InlineData("5%")]
    [InlineData("５")]
    [InlineData("٥")]
    [InlineData("−5")]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("99999999999999999999999999")]
    public void Other_text_is_not_a_whole_number(string text) => Assert.False(Number.TryWhole(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1.5", -1.5)]
    [InlineData("+0.25", 0.25)]
    [InlineData("1e6", 1e6)]
    [InlineData("1E-3", 1e-3)]
    [InlineData("-2.5e+2", -250)]
    [InlineData("1e-400", 0)]
    public void Decimal_with_or_without_an_exponent_is_a_real_number(string text, double expected)
    {
        Assert.True(Number.TryReal(text, out var number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.e5")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e1.5")]
    [InlineData("1e1e1")]
    [InlineData("-1,5")]
    [InlineData("1,000.5")]
    [InlineData("1.5.5")]
    [InlineData(" 1.5")]
    [InlineData("1.5\t")]
    [InlineData("(1.5)")]
    [InlineData("1.5-")]
    [InlineData("¤1")]
    [InlineData("1_0")]
    [InlineData("0x1p3")]
    [InlineData("１.5")]
    [InlineData("1٫5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-∞")]
    [InlineData("1e999")]
    public void Other_text_is_not_a_real_number(string text) => Assert.False(Number.TryReal(text, out _));

    [Fact]
    public void Grammar_is_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = comma;
            Assert.False(Number.TryReal("-1,5", out _));
            Assert.True(Number.TryReal("-1.5", out var number));
            Assert.Equal(-1.5, number);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
