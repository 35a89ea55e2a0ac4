using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Faafo.Http;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>What HAProxy before the local APIs needs.</summary>
internal sealed partial class LocalInstances
{
    private static readonly HttpClient Http = new(HttpConnections.Create()) { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Where an instance itself is reached; null for one that nobody calls.</summary>
    public Uri? AddressOf(Instance instance) => Read(FolderOf(instance))?.Own;

    /// <summary>Whether HAProxy stands before the APIs of a state directory.</summary>
    public static bool HasBalancer(string stateDir) => Path.Combine(stateDir, "instances") is var instances && Directory.Exists(instances)
        && Directory.GetDirectories(instances).Where(folder => PidFile.Find(folder) is not null).Select(Read)
            .Any(record => record?.Group == FlockSpec.LoadBalancer || (record?.Group == FlockSpec.Api && record.Own is { } own && own != record.Endpoint));

    /// <summary>The HAProxy that runs; null when none does.</summary>
    public async Task<RunningBalancer?> FindBalancerAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(one => one.Group == FlockSpec.LoadBalancer) is { } instance
        && PidFile.Find(FolderOf(instance)) is { } pid && Read(FolderOf(instance)) is { Own: { } statistics }
            ? new RunningBalancer(instance.Name, pid, instance.CreatedAt, statistics, ConfigOf(FolderOf(instance))) : null;

    /// <summary>HAProxy's configuration, from the first API that gives one; asked itself, not through HAProxy.</summary>
    /// <exception cref="ProviderException">None does.</exception>
    public async Task<string> AskForConfigAsync(string name, Uri statistics, CancellationToken cancellationToken)
    {
        var socket = Path.Combine("/tmp", $"faafo-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.Combine(_instances, name))))[..12]}.sock");
        var query = $"v1/haproxy.cfg?bind={settings.Endpoint.Authority}&stats={statistics.Authority}&socket={socket}";
        var reason = "no API is running";
        foreach (var instance in (await ListAsync(cancellationToken)).Where(one => one is { Group: FlockSpec.Api, IsRunning: true }))
        {
            try
            {
                return await Http.GetStringAsync(new Uri(Read(FolderOf(instance))?.Own ?? settings.Endpoint, query), cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                reason = e.Message;
            }
        }
        throw new ProviderException(ProviderErrorKind.Transient, $"cannot fetch the HAProxy configuration: {reason}");
    }

    /// <summary>Has HAProxy take its configuration over (SIGUSR2 to its master).</summary>
    public static void Reload(int pid) => _ = Kill(pid, SigUsr2);

    private static string ConfigOf(string folder) => Path.Combine(folder, "haproxy.cfg");

    // Another process may take it before the one that it is meant for; that one ends then, and is started again elsewhere.
    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}/");
    }
}
