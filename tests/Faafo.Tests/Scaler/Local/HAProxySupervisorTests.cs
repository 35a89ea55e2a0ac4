using System.Diagnostics;
using Faafo.Scaler.Local;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Scaler.Local;

/// <summary>The supervisor of an HAProxy, with other processes in place of HAProxy and the API.</summary>
public sealed class HAProxySupervisorTests : IAsyncLifetime
{
    private readonly string _state = Directory.CreateTempSubdirectory("faafo-haproxy-").FullName;
    private readonly Process _process = Process.Start("sleep", "600");
    private readonly WaitingTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly StubApi _api = new();
    private readonly RecordingLogger<HAProxySupervisor> _log = new();
    private readonly RawServer _server = RawServer.Closing(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain; charset=bogus\r\nContent-Length: 6\r\n\r\nconfig");
    private LocalInstances _instances = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _instances = new LocalInstances(new LocalSettings(_state, _server.Endpoint, new FlockSpec()), _time);
        Write("app-api-1", FlockSpec.Api);
        Write("app-lb", FlockSpec.LoadBalancer);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Failure_of_any_kind_is_logged_and_the_supervisor_continues()
    {
        var config = HAProxyConfiguration.In(_instances.Records.FolderOf("app-lb"));
        Directory.CreateDirectory(config);      // reading it throws UnauthorizedAccessException
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = new HAProxySupervisor(_instances, _api.Client, _time, _log).RunAsync(stop.Token);

        await Eventually.TrueAsync("the failure", _ => Task.FromResult(_time.Waiting == 1 || running.IsCompleted));
        Assert.StartsWith("HAProxy not reloaded: Access to the path", Assert.Single(_log.All), StringComparison.Ordinal);
        Assert.False(running.IsCompleted);

        Directory.Delete(config);
        await File.WriteAllTextAsync(config, "config", Ct);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("the heartbeat", _ => Task.FromResult(_api.Changes.Contains("PUT v1/nodes/app-lb")));

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Configuration_that_a_killed_scaler_wrote_without_the_signal_is_loaded_by_the_next()
    {
        var mark = Path.Combine(_state, "haproxy");
        using var balancer = Process.Start(
            "/bin/sh", ["-c", "trap 'touch \"$0.reloaded\"' USR2; touch \"$0\"; while :; do sleep 0.05; done", mark]);
        await Eventually.TrueAsync("the trap", _ => Task.FromResult(File.Exists(mark)));
        var folder = _instances.Records.FolderOf("app-lb");
        File.Copy($"/proc/{balancer.Id}/stat", PidFile.In(folder), overwrite: true);
        await File.WriteAllTextAsync(HAProxyConfiguration.In(folder), "config", Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = new HAProxySupervisor(_instances, _api.Client, _time, _log).RunAsync(stop.Token);

        await Eventually.TrueAsync("the reload", _ => Task.FromResult(File.Exists(mark + ".reloaded")));

        await stop.CancelAsync();
        await running;
        balancer.Kill();
        Assert.Contains("HAProxy reloaded; it routes to ", _log.All);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        _process.Dispose();
        _api.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    private void Write(string name, string group)
    {
        _instances.Records.Write(new InstanceRecord(name, name, group, _time.GetUtcNow(), _server.Endpoint, _server.Endpoint));
        File.Copy($"/proc/{_process.Id}/stat", PidFile.In(_instances.Records.FolderOf(name)));
    }
}
