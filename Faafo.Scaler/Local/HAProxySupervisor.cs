using System.Globalization;
using Faafo.Http;
using Faafo.Nodes;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>
/// Keeps the local HAProxy in front of the running APIs: fetches the configuration from one of them, has HAProxy check it, and has the
/// running one reload it, which passes its open ports to its successor (SIGUSR2, https://docs.haproxy.org/2.6/management.html#4). It also
/// sends HAProxy's heartbeat, for as long as its statistics page responds.
/// </summary>
internal sealed partial class HAProxySupervisor(
    LocalInstances instances, IFaafoApi api, TimeProvider time, ILogger<HAProxySupervisor> log)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly HttpClient Http = new(HttpConnections.Create()) { Timeout = Timeout };

    private bool _isLoaded;     // whether the running HAProxy certainly has the configuration of its file

    /// <summary>Runs until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Repeat.UntilStoppedAsync(TickAsync, e => NotReloaded(log, e.Message), () => Interval, time, stop);

    private async Task TickAsync(CancellationToken stop)
    {
        if (RunningBalancer.Find(instances.Records) is not { } balancer)
        {
            return;     // the control loop replaces it
        }
        var config = await HAProxyConfiguration.FetchAsync(instances, balancer.Name, balancer.Statistics, stop);
        if (config != await File.ReadAllTextAsync(balancer.ConfigFile, stop))
        {
            await HAProxyConfiguration.ReplaceAsync(balancer.ConfigFile, config, stop);
            Reload(balancer, config);
        }
        using var page = await Http.GetAsync(balancer.Statistics, stop);
        page.EnsureSuccessStatusCode();
        if (!_isLoaded)
        {
            // A scaler that was killed may have written the file without the signal. HAProxy responds, so it handles one.
            Reload(balancer, config);
        }
        var reporter = new NodeReporter(FlockSpec.LoadBalancer, balancer.Statistics.AbsoluteUri, balancer.CreatedAt);
        await api.PutNodeAsync(balancer.Name, reporter.Create(HeartbeatInterval) with
        {
            Version = null,     // HAProxy has its own.
            Note = string.Create(CultureInfo.InvariantCulture, $"HAProxy, process {balancer.Process}; the address is its statistics page"),
        }, stop);
    }

    private void Reload(RunningBalancer balancer, string config)
    {
        ProcessSignal.Reload(balancer.Process);
        _isLoaded = true;
        var apis = string.Join(", ", ServersIn(config));
        Reloaded(log, apis);
    }

    private static IEnumerable<string> ServersIn(string config) => config.Split('\n').Select(line => line.Trim().Split(' '))
        .Where(words => words[0] == "server").Select(words => words[1]);

    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "HAProxy reloaded; it routes to {Apis}")]
    private static partial void Reloaded(ILogger log, string apis);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "HAProxy not reloaded: {Reason}")]
    private static partial void NotReloaded(ILogger log, string reason);
}
