using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Swift: containers of objects. Contents are streamed in both directions and never held in memory.</summary>
public sealed partial class ObjectStorageService
{
    private const int PageSize = 1000;
    private readonly ServiceClient _client;

    internal ObjectStorageService(CloudSession session) => _client = new ServiceClient(session, ServiceType.ObjectStore);

    /// <summary>Lists the account's containers by name. "GET /v1/{account}".</summary>
    public async IAsyncEnumerable<Container> ListContainersAsync(
        string? prefix = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var container in ListAsync("", prefix, null, ObjectStorageJson.Default.ContainerArray, item => item.Name, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return container;
        }
    }

    /// <summary>Makes a container. "PUT /v1/{account}/{container}".</summary>
    /// <returns>False when it existed before; its metadata is then updated.</returns>
    public async Task<bool> CreateContainerAsync(
        string container, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        using var request = await RequestAsync(HttpMethod.Put, ContainerPath(container), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Container-Meta-", metadata);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Created;
    }

    /// <summary>Reads a container's counters and metadata. "HEAD /v1/{account}/{container}".</summary>
    /// <exception cref="NotFoundException">There is no such container.</exception>
    public async Task<Container> GetContainerAsync(string container, CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync(ContainerPath(container), cancellationToken).ConfigureAwait(false);
        return new Container
        {
            Name = container,
            Count = ObjectHeaders.Number(response, "X-Container-Object-Count") ?? 0,
            Bytes = ObjectHeaders.Number(response, "X-Container-Bytes-Used") ?? 0,
            Metadata = ObjectHeaders.ReadMetadata(response, "X-Container-Meta-"),
        };
    }

    /// <summary>Deletes an empty container. "DELETE /v1/{account}/{container}".</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="ConflictException">It still has objects.</exception>
    public Task<bool> DeleteContainerAsync(string container, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(ContainerPath(container), cancellationToken);

    /// <summary>Lists objects by name. "GET /v1/{account}/{container}".</summary>
    /// <param name="container">The container.</param>
    /// <param name="prefix">Only names that start so.</param>
    /// <param name="delimiter">
    /// Names that share a part up to this character come once, as an item with <see cref="ObjectItem.Subdirectory"/> and nothing else.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<ObjectItem> ListObjectsAsync(
        string container, string? prefix = null, char? delimiter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in ListAsync(
            ContainerPath(container), prefix, delimiter, ObjectStorageJson.Default.ObjectItemArray, item => item.Name ?? item.Subdirectory!, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return item;
        }
    }

    /// <summary>Reads an object's properties. "HEAD /v1/{account}/{container}/{object}".</summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    public async Task<ObjectInfo> GetObjectAsync(string container, string name, CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync(ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
        return ObjectHeaders.ReadInfo(response, name);
    }

    /// <summary>Replaces all of an object's metadata. "POST /v1/{account}/{container}/{object}".</summary>
    public async Task SetObjectMetadataAsync(
        string container, string name, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        using var request = await RequestAsync(HttpMethod.Post, ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Object-Meta-", metadata);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes an object; of a large object only the manifest. "DELETE /v1/{account}/{container}/{object}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteObjectAsync(string container, string name, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(ObjectPath(container, name), cancellationToken);

    /// <summary>Names are escaped, and "." and ".." refused: a container of that name would leave the account.</summary>
    private static string ContainerPath(string container)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        return container.Contains('/', StringComparison.Ordinal) || container is "." or ".." || Encoding.UTF8.GetByteCount(container) > 256
            ? throw new ArgumentException($"'{container}' can't name a container: 1 to 256 bytes without '/', not '.' or '..'.", nameof(container))
            : "/" + Uri.EscapeDataString(container);
    }

    /// <summary>Any text of up to 1,024 bytes names an object; "/", "." and ".." have no meaning.</summary>
    private static string ObjectPath(string container, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Encoding.UTF8.GetByteCount(name) > 1024
            ? throw new ArgumentException("An object's name has at most 1,024 bytes.", nameof(name))
            : ContainerPath(container) + "/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
    }

    private async IAsyncEnumerable<T> ListAsync<T>(
        string path,
        string? prefix,
        char? delimiter,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T[]> type,
        Func<T, string> name,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? marker = null; ;)
        {
            var query = new QueryString(path).Add("format", "json").Add("limit", PageSize).Add("marker", marker)
                .Add("prefix", prefix).Add("delimiter", delimiter?.ToString(CultureInfo.InvariantCulture)).ToString();
            var page = await _client.GetAsync(query, null, type, cancellationToken).ConfigureAwait(false);
            foreach (var item in page)
            {
                yield return item;
            }

            // A page may be short although there is more: only an empty one is the end.
            if (page.Length == 0 || name(page[^1]) == marker)
            {
                yield break;
            }

            marker = name(page[^1]);
        }
    }

    private Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        _client.RequestAsync(method, path, cancellationToken);

    private Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken, bool streamed = false, HttpStatusCode? alsoExpected = null) =>
        _client.Session.SendAsync(
            request, new RequestContext(ServiceType.ObjectStore) { Streamed = streamed, AlsoExpected = alsoExpected }, cancellationToken);

    private async Task<HttpResponseMessage> HeadAsync(string path, CancellationToken cancellationToken)
    {
        using var request = await RequestAsync(HttpMethod.Head, path, cancellationToken).ConfigureAwait(false);
        return await SendAsync(request, cancellationToken, streamed: true).ConfigureAwait(false);
    }
}
