using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Scaler.Spec;

public sealed class FlockSpecMonitorTests : IDisposable
{
    private const string Failed = "Reload failed, the previous flock stays in effect: ";

    private readonly string _path = Path.GetTempFileName();
    private readonly RecordingLogger<FlockSpecMonitor> _log = new();
    private DateTime _written = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Change_is_reloaded_and_an_invalid_one_is_reported_once()
    {
        Write("interval: 2s");
        var monitor = new FlockSpecMonitor(_path, _log);
        Assert.Equal(2, await IntervalAsync(monitor));

        Write("interval: 3s");
        Assert.Equal(3, await IntervalAsync(monitor));

        Write("interval: soon");
        Assert.Equal(3, await IntervalAsync(monitor));
        Assert.Equal(3, await IntervalAsync(monitor));
        Assert.Single(_log.All, line => line.Contains($"{_path}:1:11: interval must be a time", StringComparison.Ordinal));

        Write("interval: 4s");
        Assert.Equal(4, await IntervalAsync(monitor));
        Assert.Equal(4, monitor.Current.Interval.TotalSeconds);
    }

    [Theory]
    [InlineData("lb: haproxy")]
    [InlineData("name: other")]
    [InlineData("networks: {worker: 10.0.1.0/24, api: 10.0.2.0/24, services: 10.0.3.0/24}")]
    [InlineData("database_url: postgresql://h/d")]
    public async Task Change_that_needs_up_is_rejected(string change)
    {
        Write("cloud: c");
        var monitor = new FlockSpecMonitor(_path, _log);
        var before = monitor.Current;

        Write($"cloud: c\n{change}");

        Assert.Same(before, await monitor.ReloadAsync(TestContext.Current.CancellationToken));
        Assert.Equal([Failed + "only groups, interval, image, flavor and bundle can change at run time; run 'up' for the rest"], _log.All);
    }

    [Fact]
    public async Task Change_that_the_cloud_rejects_is_not_loaded_and_an_unreachable_cloud_is_retried()
    {
        Write("cloud: c");
        var monitor = new FlockSpecMonitor(_path, _log);
        var results = new Queue<Exception?>(
        [
            new OpenStackException("unreachable"), new TaskCanceledException("unreachable"), new IOException("unreachable"), null,
            new FailureException("image: there is none"), null,
        ]);
        Assert.Null(monitor.Current.Image);
        monitor.Validate = (_, _) => results.Dequeue() is { } error ? Task.FromException(error) : Task.CompletedTask;

        Write("{cloud: c, image: new, groups: {worker: {image: other, max: 9}}}");
        Assert.Null((await ReloadAsync()).Image);
        Assert.Null((await ReloadAsync()).Image);
        Assert.Null((await ReloadAsync()).Image);
        var flock = await ReloadAsync();
        Assert.Equal(("new", "other", 9), (flock.Image, flock.Workers.Image, flock.Workers.Policy.Max));

        Write("{cloud: c, image: missing}");
        Assert.Equal("new", (await ReloadAsync()).Image);
        Assert.Equal("new", (await ReloadAsync()).Image);
        Assert.Single(results);
        Assert.Equal([Failed + "unreachable", $"Reloaded {_path}",
            Failed + "image: there is none"], _log.All);

        Task<FlockSpec> ReloadAsync() => monitor.ReloadAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Error_has_its_place_in_the_changed_file()
    {
        Write("cloud: c\nimage: old");
        var monitor = new FlockSpecMonitor(_path, _log);
        Assert.Equal($"{_path}:2:8: ", monitor.Current.Image == "old" ? monitor.PlaceOf("image") : null);
        monitor.Validate = (changed, _) => throw new FailureException($"{monitor.PlaceOf("image")}image: there is no {changed.Image}");

        Write("cloud: c\n\n\nimage: new");
        await monitor.ReloadAsync(TestContext.Current.CancellationToken);

        Assert.Equal([$"{Failed}{_path}:4:8: image: there is no new"], _log.All);
    }

    [Fact]
    public void Defaults_apply_without_a_file()
    {
        Assert.Equal(new FlockSpec(), new FlockSpecMonitor(null, _log).Current);
    }

    public void Dispose() => File.Delete(_path);

    private static async Task<double> IntervalAsync(FlockSpecMonitor monitor) =>
        (await monitor.ReloadAsync(TestContext.Current.CancellationToken)).Interval.TotalSeconds;

    private void Write(string text)
    {
        File.WriteAllText(_path, text);
        File.SetLastWriteTimeUtc(_path, _written = _written.AddSeconds(1));
    }
}
