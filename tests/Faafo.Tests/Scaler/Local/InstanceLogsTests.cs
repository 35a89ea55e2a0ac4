using System.Diagnostics;
using Faafo.Scaler.Local;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Scaler.Local;

public sealed class InstanceLogsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-logs-").FullName;
    private readonly InstanceLogs _logs;

    public InstanceLogsTests() => _logs = new InstanceLogs(_folder, limit: 20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_log_of_a_running_program_is_copied_and_emptied()
    {
        var path = _logs.PathOf("app-worker-1");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec >> {path}; echo {new string('x', 30)}; read line; echo $line; read line"])
        {
            RedirectStandardInput = true,
        };
        using var program = Process.Start(start)!;
        await Eventually.TrueAsync("the first line", _ => Task.FromResult(new FileInfo(path) is { Exists: true, Length: 31 }));

        _logs.Limit(["app-worker-1", "app-worker-2"]);
        await program.StandardInput.WriteLineAsync("later");
        await program.StandardInput.FlushAsync(Ct);

        await Eventually.TrueAsync("the second line", async stop => await File.ReadAllTextAsync(path, stop) == "later\n");
        Assert.Equal(new string('x', 30) + "\n", await File.ReadAllTextAsync(path + ".1", Ct));
        _logs.Limit(["app-worker-1"]);
        Assert.Equal("later", _logs.ReadTail("app-worker-1"));
        program.Kill();
    }

    [Fact]
    public void Log_is_emptied_also_when_the_disk_has_no_room_for_its_copy()
    {
        var path = _logs.PathOf("app-worker-1");
        File.WriteAllText(path, new string('x', 30));
        File.CreateSymbolicLink(path + ".1", "/dev/full");

        _logs.Limit(["app-worker-1"]);

        Assert.Equal(0, new FileInfo(path).Length);
    }

    [Fact]
    public void Tail_is_the_last_lines_and_never_a_whole_large_file()
    {
        Assert.Null(_logs.ReadTail("app-worker-1"));

        File.WriteAllLines(_logs.PathOf("app-worker-1"), Enumerable.Range(1, 12).Select(number => $"line {number}"));
        Assert.Equal(string.Join('\n', Enumerable.Range(3, 10).Select(number => $"line {number}")), _logs.ReadTail("app-worker-1"));

        File.WriteAllText(_logs.PathOf("app-worker-1"), new string('x', 1 << 20));
        Assert.Equal(new string('x', 16 << 10), _logs.ReadTail("app-worker-1"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
