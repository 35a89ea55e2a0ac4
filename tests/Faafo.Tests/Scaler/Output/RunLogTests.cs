using Faafo.Scaler.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.Output;

public sealed class RunLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-").FullName;
    private readonly FakeTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly StringWriter _terminal = new();

    public void Dispose()
    {
        _terminal.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(null, "information warning")]
    [InlineData("Warning", "warning")]
    [InlineData("Debug", "debug information warning")]
    public void Level_is_that_of_the_configuration(string? level, string expected)
    {
        using var log = new RunLog(_folder, TextWriter.Null, TimeProvider.System);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = level }).Build();
        using var loggers = log.CreateLoggers(configuration);
        var logger = loggers.CreateLogger("Faafo.Scaler.Control.ControlLoop");

#pragma warning disable CA1848, CA2254 // These messages are not of the product.
        logger.LogDebug("debug");
        logger.LogInformation("information");
        logger.LogWarning("warning");
#pragma warning restore CA1848, CA2254

        Assert.Equal(expected, string.Join(' ', log.Last.Select(line => line.Split(' ')[1])));
    }

    [Fact]
    public void Full_file_is_replaced_and_the_oldest_is_deleted()
    {
        using var log = new RunLog(_folder, TextWriter.Null, _time, limit: 100);
        for (var number = 100; number < 300; number++)
        {
            log.Write($"line {number}");
        }

        string[] files = ["scaler.log", "scaler.log.1", "scaler.log.2", "scaler.log.3"];
        Assert.Equal(files, Directory.GetFiles(Logs).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.InRange(new FileInfo(Path.Combine(Logs, file)).Length, 18, 100));
        var newest = files.Reverse().SelectMany(file => File.ReadAllLines(Path.Combine(Logs, file))).ToArray();
        Assert.Equal(Enumerable.Range(300 - newest.Length, newest.Length).Select(number => $"00:00:00 line {number}"), newest);
    }

    [Fact]
    public void Full_disk_costs_lines_and_ends_nothing()
    {
        Directory.CreateDirectory(Logs);
        File.CreateSymbolicLink(LogPath, "/dev/full");
        using var log = new RunLog(_folder, _terminal, _time);

        log.Write("first");
        log.Write("second");

        Assert.Equal(3, Shown.Length);
        Assert.Equal("00:00:00 first", Shown[0]);
        Assert.StartsWith($"00:00:00 Log file {LogPath} cannot be written: No space left on device", Shown[1], StringComparison.Ordinal);
        Assert.Equal("00:00:00 second", Shown[2]);

        File.Delete(LogPath);       // as if the disk had room again
        log.Write("third");
        log.Write("fourth");

        var lines = File.ReadAllLines(LogPath);
        Assert.StartsWith("(2 lines are missing here: No space left on device", lines[0], StringComparison.Ordinal);
        Assert.Equal(["00:00:00 third", "00:00:00 fourth"], lines[1..]);
    }

    [Fact]
    public void Removed_directory_is_created_again()
    {
        using var log = new RunLog(_folder, TextWriter.Null, _time);
        log.Write("first");
        Directory.Delete(_folder, recursive: true);

        log.Write("second");

        Assert.Equal(["00:00:00 second"], File.ReadAllLines(LogPath));
    }

    [Fact]
    public void Closed_terminal_and_a_file_in_the_way_end_nothing()
    {
        File.WriteAllText(Logs, "in the way");
        var closed = new StringWriter();
        closed.Dispose();
        using var log = new RunLog(_folder, closed, _time);

        log.Write("first");

        Assert.Contains("00:00:00 first", log.Last);
    }

    [Fact]
    public void Endless_message_is_cut()
    {
        using var log = new RunLog(_folder, TextWriter.Null, _time);

        log.Write(new string('x', 1 << 20));

        Assert.InRange(new FileInfo(LogPath).Length, 16 << 10, 17 << 10);
    }

    [Fact]
    public void Cause_that_repeats_is_written_once_and_summarised_when_it_has_ended()
    {
        using var log = new RunLog(_folder, _terminal, _time);
        for (var round = 0; round < 37; round++)
        {
            Warn(log, $"Provider failed: no valid host (request req-{Guid.NewGuid()})");
            Warn(log, $"Container lost (request tx{round:d21}-00654321ab)");
            _time.Advance(TimeSpan.FromSeconds(20));
        }
        Assert.Equal(2, Shown.Length);

        Warn(log, "another cause");
        Assert.Equal(3, Shown.Length);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Matches(
            "^00:22:20 Provider failed: no valid host \\(request req-[0-9a-f-]{36}\\): 37 times in 12 min, last at 00:12:00$", Shown[3]);
        Assert.Equal($"00:22:20 Container lost (request tx{36:d21}-00654321ab): 37 times in 12 min, last at 00:12:00", Shown[4]);
        Assert.Equal(5, Shown.Length);      // what happened once has no summary

        Warn(log, "another cause");
        Assert.Equal("00:22:20 another cause", Shown[5]);
    }

    [Fact]
    public void Cause_that_goes_on_is_summarised_every_hour_and_at_the_end_of_the_log()
    {
        using (var log = new RunLog(_folder, _terminal, _time))
        {
            for (var round = 0; round < 90; round++)
            {
                Warn(log, "Provider failed: refused");
                _time.Advance(TimeSpan.FromMinutes(1));
            }
            Assert.Equal(
                ["00:00:00 Provider failed: refused", "01:00:00 Provider failed: refused: 60 times in 59 min, last at 00:59:00"], Shown);
        }
        Assert.Equal("01:30:00 Provider failed: refused: 30 times in 29 min, last at 01:29:00", Shown[^1]);
        Assert.Equal(Shown, File.ReadAllLines(LogPath));
    }

    private string Logs => Path.Combine(_folder, "logs");

    private string LogPath => Path.Combine(Logs, "scaler.log");

    private string[] Shown => _terminal.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

#pragma warning disable CA1848, CA2254 // These messages are not of the product.
    private static void Warn(RunLog log, string message) => log.CreateLogger("").LogWarning(message);
#pragma warning restore CA1848, CA2254
}
