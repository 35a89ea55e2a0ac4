using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Faafo.Http;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>The configuration of the local HAProxy, which the APIs generate (GET /v1/haproxy.cfg).</summary>
internal static class HAProxyConfiguration
{
    private const int SocketDigits = 12;

    private const int LongestConfiguration = 16 << 20;

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);

    private static readonly HttpClient Http = new(HttpConnections.Create())
    {
        Timeout = TimeSpan.FromSeconds(2),
        MaxResponseContentBufferSize = LongestConfiguration,
    };

    /// <summary>Names the file of an instance.</summary>
    public static string In(string folder) => Path.Combine(folder, "haproxy.cfg");

    /// <summary>Fetches the configuration from the first API that returns one; directly, not through HAProxy.</summary>
    /// <param name="instances">The flock's instances.</param>
    /// <param name="name">HAProxy's instance.</param>
    /// <param name="statistics">Where its statistics page listens.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ProviderException">None returns one.</exception>
    public static async Task<string> FetchAsync(LocalInstances instances, string name, Uri statistics, CancellationToken cancellationToken)
    {
        var endpoint = instances.Settings.Endpoint;
        var folder = Encoding.UTF8.GetBytes(instances.Records.FolderOf(name));
        var socket = Path.Combine("/tmp", $"faafo-{Convert.ToHexStringLower(SHA256.HashData(folder))[..SocketDigits]}.sock");
        var query = $"v1/haproxy.cfg?bind={endpoint.Authority}&stats={statistics.Authority}&socket={socket}";
        var reason = "no API is running";
        foreach (var instance in await instances.ListAsync(cancellationToken))
        {
            if (instance is not { Group: FlockSpec.Api, IsRunning: true })
            {
                continue;
            }
            try
            {
                var address = instances.Records.Find(instance.Name)?.Own ?? endpoint;
                // Not as a string: the content type may name a character set that does not exist.
                return Encoding.UTF8.GetString(await Http.GetByteArrayAsync(new Uri(address, query), cancellationToken));
            }
            catch (Exception e) when (e is HttpRequestException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                reason = e.Message;
            }
        }
        throw new ProviderException(ProviderErrorKind.Transient, $"cannot fetch the HAProxy configuration: {reason}");
    }

    /// <summary>Writes a configuration beside the one in use, has HAProxy check it, and replaces the one in use.</summary>
    /// <exception cref="ProviderException">HAProxy rejects it.</exception>
    public static async Task ReplaceAsync(string path, string config, CancellationToken cancellationToken)
    {
        var written = path + ".new";
        await File.WriteAllTextAsync(written, config, cancellationToken);
        var start = new ProcessStartInfo(ProgramPaths.FindHAProxy(), ["-c", "-q", "-f", written])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        await CheckAsync(start, cancellationToken);
        File.Move(written, path, overwrite: true);
    }

    // With a limit: HAProxy looks up the names of servers.
    private static async Task CheckAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var check = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CheckTimeout);
        try
        {
            var output = check.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await check.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await check.WaitForExitAsync(limit.Token);
            if (check.ExitCode != 0)
            {
                throw new ProviderException(ProviderErrorKind.Rejected, $"HAProxy rejects its configuration: {errors.Trim()}");
            }
        }
        catch (OperationCanceledException e)
        {
            check.Kill();
            cancellationToken.ThrowIfCancellationRequested();
            throw new ProviderException(ProviderErrorKind.Transient,
                $"HAProxy did not check its configuration within {CheckTimeout.TotalSeconds:0} s", e);
        }
    }
}
