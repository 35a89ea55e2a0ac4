using Faafo.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class BackoffTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));

    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 100)]
    [InlineData(7, 3200)]
    [InlineData(8, 5000)]
    [InlineData(1000, 5000)]
    [InlineData(int.MaxValue, 5000)]
    public void Delay_doubles_up_to_the_limit(int failures, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Backoff.After(failures));

    [Fact]
    public void Delay_before_the_first_failure_is_rejected() => Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.After(0));

    [Fact]
    public void Jitter_spreads_delays_over_the_whole_interval()
    {
        var random = new Random(7);
        var delays = Enumerable.Range(0, 1000).Select(_ => Backoff.After(3, random)).ToList();

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromMilliseconds(200)));
        Assert.Contains(delays, delay => delay < TimeSpan.FromMilliseconds(20));
        Assert.Contains(delays, delay => delay > TimeSpan.FromMilliseconds(180));
    }
}
