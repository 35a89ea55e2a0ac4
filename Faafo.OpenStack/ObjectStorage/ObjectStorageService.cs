using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Swift: containers of objects. Contents are streamed in both directions and never held in memory.</summary>
public partial class ObjectStorageService
{
    private const int PageSize = 1000;
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected ObjectStorageService()
    {
        _client = null!;
    }

    internal ObjectStorageService(CloudSession session) => _client = new ServiceClient(session, ServiceType.ObjectStore);

    /// <summary>Escapes a name and rejects "." and "..", which would resolve to a path outside the account.</summary>
    private static string ContainerPath(string container)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        return container.Contains('/', StringComparison.Ordinal) || container is "." or ".." || Encoding.UTF8.GetByteCount(container) > 256
            ? throw new ArgumentException(
                $"a container name must have 1 to 256 bytes without '/' and not be '.' or '..' (got '{container}')", nameof(container))
            : "/" + Uri.EscapeDataString(container);
    }

    /// <summary>Escapes a name, which is any text of up to 1,024 bytes; "/", "." and ".." have no special meaning.</summary>
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
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type,
        Func<T, string?> name,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? marker = null; ;)
        {
            var query = new QueryString(path).Add("format", "json").Add("limit", PageSize).Add("marker", marker)
                .Add("prefix", prefix).Add("delimiter", delimiter?.ToString(CultureInfo.InvariantCulture)).ToString();
            var page = await _client.GetListAsync(query, type, cancellationToken).ConfigureAwait(false);
            foreach (var item in page)
            {
                yield return name(item) is { Length: > 0 }
                    ? item : throw new MalformedAnswerException(ServiceType.ObjectStore, path, "an item of the list has no name");
            }

            // A short page may be followed by others: only an empty one is the last.
            if (page.Count == 0 || name(page[^1]) == marker)
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
