using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>
/// Octavia: load balancers and their parts. A balancer accepts one change at a time and rejects others with 409 while it is PENDING:
/// changes through one client are serialized per balancer, wait until it is ACTIVE, and are retried when another client was faster.
/// </summary>
public partial class LoadBalancingService
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private readonly ServiceClient _client;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new();

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected LoadBalancingService()
    {
        _client = null!;
    }

    internal LoadBalancingService(CloudSession session) => _client = new ServiceClient(session, ServiceType.LoadBalancer);

    private async Task<T> ChangeAsync<T>(
        string loadBalancerId, Func<CancellationToken, Task<T>> change, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(loadBalancerId, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _client.Poller.RetryAsync(
                Timeout,
                async token =>
                {
                    await WaitUntilActiveAsync(loadBalancerId, Timeout, token).ConfigureAwait(false);
                    return await change(token).ConfigureAwait(false);
                },
                IsChanging,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    // Octavia's words for a part and for the balancer itself (octavia/common/exceptions.py, ImmutableObject and LBPendingStateError).
    private static bool IsChanging(Exception e) => e is ConflictException { Detail: { } detail }
        && (detail.Contains("immutable", StringComparison.OrdinalIgnoreCase)
            || detail.Contains("Invalid state PENDING", StringComparison.OrdinalIgnoreCase));

    private Task<bool> RemoveAsync(string loadBalancerId, string path, CancellationToken cancellationToken) =>
        ChangeAsync(loadBalancerId, token => _client.DeleteAsync(path, token), cancellationToken);

    private Task<T> PostAsync<TBody, T>(
        string path, string key, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        _client.SendAsync(HttpMethod.Post, path, Json.Write(key, body, bodyType), key, type, cancellationToken);

    private Task<T> UpdateAsync<TBody, T>(
        string loadBalancerId,
        string path,
        string key,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        var update = Json.Write(key, body, bodyType);
        return ChangeAsync(
            loadBalancerId, token => _client.SendAsync(HttpMethod.Put, path, update, key, type, token), cancellationToken);
    }
}
