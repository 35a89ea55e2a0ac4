using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.Networking;

/// <summary>Neutron: networks, subnets, ports, routers, security groups and floating IPs.</summary>
#pragma warning disable CA1001 // A SemaphoreSlim needs no disposal unless its wait handle is used.
public partial class NetworkingService
#pragma warning restore CA1001
{
    private readonly ServiceClient _client;
    private readonly SemaphoreSlim _takingTurns = new(1);

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected NetworkingService()
    {
        _client = null!;
    }

    internal NetworkingService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Network);

    /// <summary>
    /// Retries a deletion while another resource holds what it deletes: ports are unplugged some time after their server is gone.
    /// </summary>
    internal Task<bool> RetryConflictsAsync(
        TimeSpan timeout, Func<CancellationToken, Task<bool>> delete, CancellationToken cancellationToken) =>
        _client.Poller.RetryAsync(timeout, delete, e => e is ConflictException, cancellationToken);

    private Task<T> PostAsync<TBody, T>(
        string path,
        string key,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        _client.SendAsync(HttpMethod.Post, path, Json.Write(key, body, bodyType), key, type, cancellationToken);

    private Task<T> ClearAsync<T>(string path, string key, string property, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var body = Json.Write(json =>
        {
            json.WriteStartObject(key);
            json.WriteNull(property);
            json.WriteEndObject();
        });
        return _client.SendAsync(HttpMethod.Put, path, body, key, type, cancellationToken);
    }

    private Task<T> PutAsync<TBody, T>(
        string path,
        string key,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken) =>
        _client.SendAsync(HttpMethod.Put, path, Json.Write(key, body, bodyType), key, type, cancellationToken);
}
