using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Scaler.Spec;

public sealed class FlockSpecMonitorTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly RecordingLogger<FlockSpecMonitor> _log = new();
    private DateTime _written = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_change_is_followed_and_a_broken_one_is_told_once()
    {
        Write("interval: 2s");
        var source = new FlockSpecMonitor(_path, _log);
        Assert.Equal(2, await IntervalAsync(source));

        Write("interval: 3s");
        Assert.Equal(3, await IntervalAsync(source));

        Write("interval: soon");
        Assert.Equal(3, await IntervalAsync(source));
        Assert.Equal(3, await IntervalAsync(source));
        Assert.Single(_log.All, line => line.Contains($"{_path}:1:11: interval must be a time", StringComparison.Ordinal));

        Write("interval: 4s");
        Assert.Equal(4, await IntervalAsync(source));
        Assert.Equal(4, source.Current.Interval.TotalSeconds);
    }

    [Theory]
    [InlineData("lb: haproxy")]
    [InlineData("name: other")]
    [InlineData("networks: {worker: 10.0.1.0/24, api: 10.0.2.0/24, services: 10.0.3.0/24}")]
    [InlineData("database_url: postgresql://h/d")]
    public async Task What_only_up_can_change_is_not_followed(string change)
    {
        Write("cloud: c");
        var source = new FlockSpecMonitor(_path, _log);
        var before = source.Current;

        Write($"cloud: c\n{change}");

        Assert.Same(before, await source.ReloadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["Reload failed, the previous flock stays in effect: only groups, interval, image, flavor and bundle can change at run time; run 'up' for the rest"], _log.All);
    }

    [Fact]
    public async Task What_the_cloud_does_not_have_is_not_followed_and_a_cloud_that_is_away_is_asked_again()
    {
        Write("cloud: c");
        var source = new FlockSpecMonitor(_path, _log);
        var answers = new Queue<Exception?>([new OpenStackException("away"), new OpenStackException("away"), null, new FailureException("image: there is none"), null]);
        Assert.Null(source.Current.Image);
        source.Validate = (_, _) => answers.Dequeue() is { } refusal ? Task.FromException(refusal) : Task.CompletedTask;

        Write("{cloud: c, image: new, groups: {worker: {image: other, max: 9}}}");
        Assert.Null((await FollowAsync()).Image);
        Assert.Null((await FollowAsync()).Image);
        Assert.Equal(("new", "other", 9), await FollowAsync() is var flock ? (flock.Image, flock.Workers.Image, flock.Workers.Policy.Max) : default);

        Write("{cloud: c, image: missing}");
        Assert.Equal("new", (await FollowAsync()).Image);
        Assert.Equal("new", (await FollowAsync()).Image);
        Assert.Single(answers);
        Assert.Equal(["Reload failed, the previous flock stays in effect: away", $"Reloaded {_path}",
            "Reload failed, the previous flock stays in effect: image: there is none"], _log.All);

        Task<FlockSpec> FollowAsync() => source.ReloadAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_refused_is_found_where_the_changed_file_has_it()
    {
        Write("cloud: c\nimage: old");
        var source = new FlockSpecMonitor(_path, _log);
        Assert.Equal($"{_path}:2:8: ", source.Current.Image == "old" ? source.PlaceOf("image") : null);
        source.Validate = (changed, _) => throw new FailureException($"{source.PlaceOf("image")}image: there is no {changed.Image}");

        Write("cloud: c\n\n\nimage: new");
        await source.ReloadAsync(TestContext.Current.CancellationToken);

        Assert.Equal([$"Reload failed, the previous flock stays in effect: {_path}:4:8: image: there is no new"], _log.All);
    }

    [Fact]
    public void Without_a_file_there_are_the_defaults()
    {
        Assert.Equal(new FlockSpec(), new FlockSpecMonitor(null, _log).Current);
    }

    public void Dispose() => File.Delete(_path);

    private static async Task<double> IntervalAsync(FlockSpecMonitor source) => (await source.ReloadAsync(TestContext.Current.CancellationToken)).Interval.TotalSeconds;

    private void Write(string text)
    {
        File.WriteAllText(_path, text);
        File.SetLastWriteTimeUtc(_path, _written = _written.AddSeconds(1));
    }
}
