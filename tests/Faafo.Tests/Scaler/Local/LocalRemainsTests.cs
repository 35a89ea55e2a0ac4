using System.Diagnostics;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Local;
using Faafo.Scaler.Output;
using Faafo.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Scaler.Local;

/// <summary>
/// What a scaler leaves in its state directory that was killed before, while or after it wrote or deleted a file: the next <c>up</c> and
/// <c>down</c> end what runs there unknown to everyone, and leave no folder behind.
/// </summary>
public sealed class LocalRemainsTests : IDisposable
{
    private const string Name = "app-worker-1";

    private readonly string _state = Directory.CreateTempSubdirectory("faafo-remains-").FullName;
    private readonly Process _process = Process.Start("sleep", "600");
    private readonly InstanceDirectory _records;

    public LocalRemainsTests()
    {
        _records = new InstanceDirectory(_state);
        _records.Write(new InstanceRecord("1", Name, "worker", DateTimeOffset.UtcNow.AddMinutes(-1), null));
        File.WriteAllLines(PidFile.In(_records.FolderOf(Name)),
            [File.ReadAllText($"/proc/{_process.Id}/stat").Trim(), ProcessIdentity.Own.Boot, PidFile.Place]);
    }

    public static TheoryData<string, string, bool> Cuts()
    {
        var cuts = new TheoryData<string, string, bool>();
        foreach (var withUp in (bool[])[true, false])
        {
            foreach (var state in (string[])["whole", "absent", "empty", "half"])
            {
                cuts.Add($"instances/{Name}/instance.json", state, withUp);
                cuts.Add($"instances/{Name}/pid", state, withUp);
            }
            // What is written beside a file, and then takes its place.
            cuts.Add($"instances/{Name}/instance.json.new", "half", withUp);
            cuts.Add($"instances/{Name}/haproxy.cfg", "half", withUp);
            cuts.Add($"instances/{Name}/haproxy.cfg.new", "half", withUp);
            foreach (var state in (string[])["empty", "half"])
            {
                cuts.Add("flock.pid", state, withUp);
                cuts.Add("flock.lock", state, withUp);
                cuts.Add("logs/scaler.log", state, withUp);
                cuts.Add($"logs/{Name}.log", state, withUp);
            }
        }
        return cuts;
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Up_and_down_cope_with_a_file_that_is_absent_or_incomplete(string file, string state, bool withUp)
    {
        var isPid = file.EndsWith("/pid", StringComparison.Ordinal);
        if (isPid)
        {
            // A process writes it first: without it, the process has ended.
            _process.Kill();
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Cut(Path.Combine(_state, file), state);

        if (withUp)
        {
            await UpAsync();
            await UpAsync();
        }
        Assert.Equal(CommandLine.Done, await DownAsync());

        Assert.Empty(Directory.GetDirectories(Path.Combine(_state, "instances")));
        await Eventually.TrueAsync("the end of the process", _ => Task.FromResult(_process.HasExited));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    private static void Cut(string path, string state)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var content = File.Exists(path) ? File.ReadAllBytes(path) : "{\"Host\":"u8.ToArray();
        switch (state)
        {
            case "absent":
                File.Delete(path);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "half":
                File.WriteAllBytes(path, content[..(content.Length / 2)]);
                break;
            default:
                break;
        }
    }

    // As far as a command goes that takes over what it finds.
    private async Task UpAsync()
    {
        var options = new ScalerOptions(_state, null, null, new Uri("http://127.0.0.1:0/"));
        using var runLog = new RunLog(_state, TextWriter.Null, TimeProvider.System);
        using var session = await LocalSession.OpenAsync(
            options, runLog, NullLoggerFactory.Instance, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(_process.HasExited ? 0 : 1, Directory.GetDirectories(Path.Combine(_state, "instances")).Length);
    }

    private async Task<int> DownAsync()
    {
        var options = new ScalerOptions(_state, null, null, new Uri("http://127.0.0.1:1/"));
        using var runLog = new RunLog(_state, TextWriter.Null, TimeProvider.System);
        return await new LocalDeployment(options, runLog, NullLoggerFactory.Instance, TimeProvider.System)
            .DownAsync(images: false, TestContext.Current.CancellationToken);
    }
}
