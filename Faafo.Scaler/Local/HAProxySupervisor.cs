using System.Diagnostics;
using System.Globalization;
using Faafo.Http;
using Faafo.Nodes;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>
/// Keeps the local HAProxy before the APIs that are there: asks one of them for the configuration (GET /v1/haproxy.cfg), has HAProxy
/// check it, and has the running one take it over, which hands its open ports to its successor (SIGUSR2,
/// https://docs.haproxy.org/2.6/management.html#4). It also speaks for HAProxy among the nodes, for as long as its statistics page answers.
/// </summary>
internal sealed partial class HAProxySupervisor(LocalInstances cloud, FaafoClient api, TimeProvider time, ILogger<HAProxySupervisor> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly HttpClient Http = new(HttpConnections.Create()) { Timeout = Timeout };
    private string? _complaint;

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                try
                {
                    await TickAsync(stop);
                    _complaint = null;
                }
                catch (Exception e) when (e is ProviderException or HttpRequestException or FaafoApiException or IOException
                    || (e is OperationCanceledException && !stop.IsCancellationRequested))
                {
                    if (_complaint != e.Message)
                    {
                        Unchanged(log, _complaint = e.Message);
                    }
                }
                await Task.Delay(Interval, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>HAProxy's full path: what FAAFO_HAPROXY names, or where programs are.</summary>
    /// <exception cref="ProviderException">It is not installed.</exception>
    public static string FindProgram() => Environment.GetEnvironmentVariable("FAAFO_HAPROXY") is { Length: > 0 } named
        ? File.Exists(named) ? named : throw Missing() : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/local/sbin")
            .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, "haproxy")).FirstOrDefault(File.Exists)
            ?? throw Missing();

    private static ProviderException Missing() => new(
        ProviderErrorKind.NotFound, "HAProxy is not installed: install it (on Debian and Ubuntu: apt-get install haproxy), or leave --lb out");

    /// <summary>Writes a configuration beside the one in use, has HAProxy check it, and puts it in its place.</summary>
    /// <exception cref="ProviderException">HAProxy refuses it.</exception>
    public static async Task ReplaceAsync(string path, string config, CancellationToken cancellationToken)
    {
        var written = path + ".new";
        await File.WriteAllTextAsync(written, config, cancellationToken);
        var start = new ProcessStartInfo(FindProgram(), ["-c", "-q", "-f", written]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var check = Process.Start(start)!;
        var said = await check.StandardError.ReadToEndAsync(cancellationToken);
        await check.WaitForExitAsync(cancellationToken);
        if (check.ExitCode != 0)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"HAProxy rejects its configuration: {said.Trim()}");
        }
        File.Move(written, path, overwrite: true);
    }

    private async Task TickAsync(CancellationToken stop)
    {
        if (await cloud.FindBalancerAsync(stop) is not { } balancer)
        {
            return;     // the loop starts it again
        }
        var config = await cloud.AskForConfigAsync(balancer.Name, balancer.Statistics, stop);
        if (config != await File.ReadAllTextAsync(balancer.ConfigFile, stop))
        {
            await ReplaceAsync(balancer.ConfigFile, config, stop);
            LocalInstances.Reload(balancer.Process);
            var apis = string.Join(", ", config.Split('\n').Select(line => line.Trim().Split(' ')).Where(words => words[0] == "server").Select(words => words[1]));
            Changed(log, apis);
        }
        using var page = await Http.GetAsync(balancer.Statistics, stop);
        page.EnsureSuccessStatusCode();
        await api.PutNodeAsync(balancer.Name, new NodeReport
        {
            Role = FlockSpec.LoadBalancer,
            Address = balancer.Statistics.AbsoluteUri,
            LoadAverage = HostLoad.Read(),
            Cpus = Environment.ProcessorCount,
            StartedAt = balancer.CreatedAt,
            Interval = 1,
            Note = string.Create(CultureInfo.InvariantCulture, $"HAProxy, process {balancer.Process}; the address is its statistics page"),
        }, stop);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HAProxy is before {Apis} now")]
    private static partial void Changed(ILogger log, string apis);

    [LoggerMessage(Level = LogLevel.Warning, Message = "HAProxy stays as it is: {Reason}")]
    private static partial void Unchanged(ILogger log, string reason);
}
