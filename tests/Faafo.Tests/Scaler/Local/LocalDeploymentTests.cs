using System.Diagnostics;
using System.Text.Json;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Local;
using Faafo.Scaler.Output;
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
