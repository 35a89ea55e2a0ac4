using Faafo.Scaler.Control;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

public sealed class RepeatTests
{
    private readonly WaitingTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task Step_that_fails_is_reported_and_repeated(Type kind)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (steps, failures) = (0, new List<Exception>());
        var running = Repeat.UntilStoppedAsync(_ =>
        {
            steps++;
            return steps == 2 ? Task.CompletedTask : throw (Exception)Activator.CreateInstance(kind)!;
        }, failures.Add, () => TimeSpan.FromSeconds(1), _time, stop.Token);
        for (var step = 1; step < 4; step++)
        {
            await Eventually.TrueAsync("a pause", _ => Task.FromResult(_time.Waiting == 1 && steps == step));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        await Eventually.TrueAsync("the last step", _ => Task.FromResult(steps == 4));
        Assert.Equal(3, failures.Count);
        Assert.All(failures, failure => Assert.IsType(kind, failure));

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Step_that_is_stopped_is_no_failure()
    {
        using var stop = new CancellationTokenSource();
        var failures = new List<Exception>();
        var running = Repeat.UntilStoppedAsync(
            token => Task.Delay(Timeout.Infinite, token), failures.Add, () => TimeSpan.Zero, _time, stop.Token);

        await stop.CancelAsync();
        await running;

        Assert.Empty(failures);
    }
}
