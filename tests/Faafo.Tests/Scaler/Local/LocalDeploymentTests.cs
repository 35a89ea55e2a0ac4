using System.Diagnostics;
using System.Text.Json;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Local;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Scaler.Local;

/// <summary>A state directory that a container or another host shares: its lock is held, and its record names a process there.</summary>
public sealed class LocalDeploymentTests : IAsyncLifetime
{
    private readonly string _state = Directory.CreateTempSubdirectory("faafo-flock-").FullName;
    private readonly Process _bystander = Process.Start("sleep", "600");
    private FileStream _lock = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _lock = new FileStream(Path.Combine(_state, "flock.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Down_sends_no_signal_to_the_process_id_of_a_scaler_elsewhere(bool otherHost)
    {
        Record(otherHost ? Bystander with { Host = "elsewhere" } : Bystander with { Namespace = "pid:[1]" });

        var refused = await Assert.ThrowsAsync<FailureException>(DownAsync);

        var place = otherHost ? $"process {_bystander.Id} on elsewhere; " : "in another container or PID namespace; ";
        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
        Assert.Contains("run 'faafo-scaler down' there", refused.Message, StringComparison.Ordinal);
        Assert.False(_bystander.HasExited);
    }

    [Theory]
    [InlineData("killed")]      // the record of a predecessor, whose number the bystander has now
    [InlineData("number")]      // a bare number, which identifies no process
    [InlineData("none")]
    public async Task Down_sends_no_signal_to_a_process_that_is_not_the_holder(string record)
    {
        if (record == "killed")
        {
            Record(Bystander with { Began = "1" });
        }
        else if (record == "number")
        {
            await File.WriteAllTextAsync(Path.Combine(_state, "flock.pid"), $"{_bystander.Id}", Ct);
        }

        var refused = await Assert.ThrowsAsync<FailureException>(DownAsync);

        Assert.Equal($"an unidentified process holds the lock {_state}/flock.lock: stop the scaler where it runs", refused.Message);
        Assert.False(_bystander.HasExited);
    }

    [Fact]
    public async Task Down_asks_the_holder_itself_to_stop()
    {
        Record(Bystander);
        _bystander.EnableRaisingEvents = true;
        _bystander.Exited += (_, _) => _lock.Dispose();     // as the system does for a scaler that exits

        Assert.Equal(CommandLine.Done, await DownAsync(TimeProvider.System));

        Assert.True(_bystander.HasExited);
    }

    [Fact]
    public async Task Down_names_an_instance_of_another_container_and_keeps_its_record()
    {
        await _lock.DisposeAsync();
        WriteInstance("pid:[1]");

        Assert.Equal(CommandLine.Failed, await DownAsync());

        Assert.Contains($"app-worker-1 cannot be stopped from here: process {_bystander.Id} on {Environment.MachineName}, "
            + "in another container or PID namespace", await LogAsync(), StringComparison.Ordinal);
        Assert.False(_bystander.HasExited);
        Assert.Equal("app-worker-1", Assert.Single(new InstanceDirectory(_state).List()).Name);
    }

    [Fact]
    public async Task Up_forgets_the_instances_of_an_earlier_container_and_names_them()
    {
        await _lock.DisposeAsync();
        WriteInstance("pid:[1]");
        var options = new ScalerOptions(_state, null, null, new Uri("http://127.0.0.1:0/"));
        using var runLog = new RunLog(_state, TextWriter.Null, TimeProvider.System);

        using var session = await LocalSession.OpenAsync(options, runLog, NullLoggerFactory.Instance, TimeProvider.System, Ct);

        Assert.Contains("Forgetting app-worker-1, which was started elsewhere", await LogAsync(), StringComparison.Ordinal);
        Assert.False(_bystander.HasExited);
        Assert.Empty(session.Instances.Records.List());
    }

    [Fact]
    public async Task Shutdown_ends_although_a_process_cannot_be_killed()
    {
        await _lock.DisposeAsync();
        using var stubborn = Process.Start("/bin/sh", ["-c", "trap '' TERM; touch \"$0\"; exec sleep 600", Path.Combine(_state, "ready")]);
        await Eventually.TrueAsync("the trap", _ => Task.FromResult(File.Exists(Path.Combine(_state, "ready"))));
        WriteInstance(ProcessIdentity.Own.Namespace, stubborn);
        var time = new SkippingTime();
        var instances = new LocalInstances(new LocalSettings(_state, new Uri("http://127.0.0.1:1/"), new FlockSpec()), time, _ => { });
        using var runLog = new RunLog(_state, TextWriter.Null, time);

        Assert.False(await new LocalShutdown(_state, instances, time).StopAllAsync(runLog));

        Assert.Contains($"app-worker-1 (process {stubborn.Id}, state S) has not exited 5 s after SIGKILL", await LogAsync(),
            StringComparison.Ordinal);
        Assert.Single(instances.Records.List());
        stubborn.Kill();
    }

    public ValueTask DisposeAsync()
    {
        _bystander.Kill();
        _bystander.Dispose();
        _lock.Dispose();
        Directory.Delete(_state, recursive: true);
        return ValueTask.CompletedTask;
    }

    private ProcessIdentity Bystander =>
        ProcessIdentity.Own with { Id = _bystander.Id, Began = ProcessStat.Read(_bystander.Id)!.StartTick };

    private Task<string> LogAsync() => File.ReadAllTextAsync(Path.Combine(_state, "logs", "scaler.log"), Ct);

    // As if the process were a worker that runs in this PID namespace.
    private void WriteInstance(string space) => WriteInstance(space, _bystander);

    private void WriteInstance(string space, Process process)
    {
        var records = new InstanceDirectory(_state);
        records.Write(new InstanceRecord("1", "app-worker-1", "worker", DateTimeOffset.UtcNow, null));
        var stat = File.ReadAllText($"/proc/{process.Id}/stat").Trim();
        File.WriteAllLines(PidFile.In(records.FolderOf("app-worker-1")),
            [stat, ProcessIdentity.Own.Boot, $"{space} {Environment.MachineName}"]);
    }

    private Task<int> DownAsync() => DownAsync(new SkippingTime());

    private async Task<int> DownAsync(TimeProvider time)
    {
        var options = new ScalerOptions(_state, null, null, new Uri("http://127.0.0.1:1/"));
        using var runLog = new RunLog(_state, TextWriter.Null, time);
        return await new LocalDeployment(options, runLog, NullLoggerFactory.Instance, time).DownAsync(images: false, Ct);
    }

    private void Record(ProcessIdentity holder) =>
        File.WriteAllText(Path.Combine(_state, "flock.pid"), JsonSerializer.Serialize(holder, ProcessJson.Default.ProcessIdentity));
}
