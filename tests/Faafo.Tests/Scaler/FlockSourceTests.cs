using Faafo.Scaler;
using Xunit;

namespace Faafo.Tests.Scaler;

public sealed class FlockSourceTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly Lines<FlockSource> _log = new();
    private DateTime _written = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_change_is_followed_and_a_broken_one_is_told_once()
    {
        Write("interval: 2s");
        var source = new FlockSource(_path, _log);
        Assert.Equal(2, source.Current.Interval.TotalSeconds);

        Write("interval: 3s");
        Assert.Equal(3, source.Current.Interval.TotalSeconds);

        Write("interval: soon");
        Assert.Equal(3, source.Current.Interval.TotalSeconds);
        Assert.Equal(3, source.Current.Interval.TotalSeconds);
        Assert.Single(_log.All, line => line.Contains($"{_path}:1:11: interval must be a time", StringComparison.Ordinal));

        Write("interval: 4s");
        Assert.Equal(4, source.Current.Interval.TotalSeconds);
    }

    [Fact]
    public void Without_a_file_there_are_the_defaults()
    {
        Assert.Equal(new Flock(), new FlockSource(null, _log).Current);
    }

    public void Dispose() => File.Delete(_path);

    private void Write(string text)
    {
        File.WriteAllText(_path, text);
        File.SetLastWriteTimeUtc(_path, _written = _written.AddSeconds(1));
    }
}
