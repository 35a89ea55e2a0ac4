using Faafo.Options;
using Xunit;

namespace Faafo.Tests.Options;

public sealed class DurationTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("30s", 30)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("0s", 0)]
    [InlineData("+5s", 5)]
    [InlineData("1e3ms", 1)]
    public void Number_with_a_unit_is_a_time(string text, double seconds) =>
        Assert.Equal(seconds, Duration.Parse(text, "interval").TotalSeconds, 6);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1,5s")]
    [InlineData(" 5s")]
    [InlineData("5 s")]
    [InlineData(".5s")]
    [InlineData("5.s")]
    [InlineData("1_000ms")]
    [InlineData("５s")]
    [InlineData("0x5s")]
    [InlineData("1e999s")]
    [InlineData("NaNs")]
    [InlineData("Infinitys")]
    [InlineData("99999999999999999999h")]
    [InlineData("5 minutes")]
    public void Other_text_is_rejected_with_field_and_value(string text) => Assert.Equal(
        $"interval must be a time such as 250ms, 30s, 5m or 2h (got '{text}')",
        Assert.Throws<FormatException>(() => Duration.Parse(text, "interval")).Message);
}
