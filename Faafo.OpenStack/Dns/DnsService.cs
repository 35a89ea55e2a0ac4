using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.Dns;

/// <summary>
/// Designate: zones and their record sets. A change is accepted at once and is PENDING until the name servers have it.
/// </summary>
public partial class DnsService
{
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected DnsService()
    {
        _client = null!;
    }

    internal DnsService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Dns);

    /// <summary>Adds the final dot, which Designate requires.</summary>
    private static string FullName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.EndsWith('.') ? name : name + ".";
    }

    private Task<T> SendAsync<TBody, T>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        _client.SendAsync(method, path, JsonSerializer.SerializeToUtf8Bytes(body, bodyType), null, type, cancellationToken);

    private async Task<T> WaitUntilActiveAsync<T>(
        string resource,
        string id,
        TimeSpan timeout,
        Func<CancellationToken, Task<T>> read,
        Func<T, string> status,
        CancellationToken cancellationToken)
    {
        var last = await _client.Poller.UntilAsync(
            $"{resource} {id}", timeout, read, seen => status(seen) is "ACTIVE" or "ERROR" or "DELETED", status, null, cancellationToken)
                .ConfigureAwait(false);
        return status(last) == "ACTIVE" ? last : throw new ResourceFailedException(resource, id, status(last), null);
    }

    private async Task WaitUntilDeletedAsync(
        string resource,
        string id,
        TimeSpan timeout,
        Func<CancellationToken, Task<string>> readStatus,
        CancellationToken cancellationToken)
    {
        var last = await _client.Poller.UntilAsync(
            $"{resource} {id}",
            timeout,
            async token =>
            {
                try
                {
                    return await readStatus(token).ConfigureAwait(false);
                }
                catch (NotFoundException)
                {
                    return "DELETED";
                }
            },
            seen => seen is "DELETED" or "ERROR",
            seen => seen,
            null,
            cancellationToken).ConfigureAwait(false);
        if (last == "ERROR")
        {
            throw new ResourceFailedException(resource, id, last, null);
        }
    }
}
