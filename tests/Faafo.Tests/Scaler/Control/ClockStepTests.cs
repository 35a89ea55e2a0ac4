using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

/// <summary>Someone sets the wall clock while the loop runs: it measures all durations by the monotonic clock.</summary>
public sealed class ClockStepTests : IDisposable
{
    private static readonly TimeSpan Forward = TimeSpan.FromMinutes(11);
    private static readonly TimeSpan Back = TimeSpan.FromHours(-1);

    private readonly SteppedTime _time = new();
    private readonly LoopRun _run;

    public ClockStepTests() => _run = new LoopRun(_time);

    [Fact]
    public async Task Step_forward_does_not_end_the_boot_of_a_worker()
    {
        await _run.TickAsync();
        _time.Step = Forward;

        await _run.TickAsync();
        await _run.TickAsync(118);
        Assert.Empty(_run.Cloud.Deleted);

        await _run.TickAsync(3);
        Assert.Equal(["id-1", "id-2"], _run.Cloud.Deleted.Order());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(-60)]
    public async Task Step_neither_prolongs_nor_ends_the_back_off_of_refused_creations(int minutes)
    {
        _run.Cloud.RejectsCreation = true;
        await _run.TickAsync();
        await _run.TickAsync();
        _run.Cloud.RejectsCreation = false;
        _time.Step = TimeSpan.FromMinutes(minutes);

        await _run.TickAsync();
        Assert.Empty(_run.Cloud.Instances);

        await _run.TickAsync();
        Assert.Equal(2, _run.Cloud.Instances.Count);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(-60)]
    public async Task Step_neither_prolongs_nor_ends_the_window_of_scale_in(int minutes)
    {
        await _run.StartAsync(3);
        _time.Step = TimeSpan.FromMinutes(minutes);

        await _run.TickAsync(4);
        Assert.Empty(_run.Api.Changes);

        await _run.TickAsync(2);
        Assert.Equal(["POST v1/nodes/app-worker-3/drain", "POST v1/nodes/app-worker-2/drain"], _run.Api.Changes);
    }

    [Fact]
    public async Task Step_back_does_not_prolong_the_drain_of_an_api()
    {
        await _run.TickAsync();
        _run.Beat("app-api-1", drain: true);
        await _run.TickAsync();
        _time.Step = Back;

        await _run.TickAsync(16);
        Assert.Contains("id-1", _run.Cloud.Deleted);
    }

    public void Dispose() => _run.Dispose();

    private sealed class SteppedTime() : FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
        /// <summary>By how much the wall clock was set forward; the monotonic clock goes on.</summary>
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
