using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Faafo.OpenStack.ObjectStorage;

public sealed partial class ObjectStorageService
{
    private const int BulkSize = 1000;

    /// <summary>Deletes many objects with few requests. "POST /v1/{account}?bulk-delete".</summary>
    /// <returns>What happened; Swift answers 200 even if nothing could be deleted, so look at the errors.</returns>
    public async Task<BulkDeleteResult> DeleteObjectsAsync(
        string container, IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        var (deleted, notFound, errors) = (0, 0, new List<BulkDeleteError>());
        foreach (var batch in names.Chunk(BulkSize))
        {
            var body = string.Join('\n', batch.Select(name => ObjectPath(container, name)));
            var reply = await BulkDeleteAsync("?bulk-delete", body, cancellationToken).ConfigureAwait(false);
            deleted += reply.Deleted;
            notFound += reply.NotFound;
            errors.AddRange(ErrorsOf(reply));
            if (reply.Errors is null or [] && reply.Status is { } status && !status.StartsWith('2') && reply.Deleted + reply.NotFound < batch.Length)
            {
                errors.Add(new BulkDeleteError(container, $"{status} {reply.Body}"));
            }
        }

        return new BulkDeleteResult(deleted, notFound, errors);
    }

    /// <summary>Deletes a container with all its objects; the segments of large objects are in another container, and are not touched.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="OpenStackException">An object could not be deleted.</exception>
    public async Task<bool> DeleteContainerWithObjectsAsync(string container, CancellationToken cancellationToken = default)
    {
        try
        {
            var names = await ListObjectsAsync(container, null, null, cancellationToken).Select(item => item.Name!).ToListAsync(cancellationToken).ConfigureAwait(false);
            var result = await DeleteObjectsAsync(container, names, cancellationToken).ConfigureAwait(false);
            if (result.Errors is [var first, ..])
            {
                throw new OpenStackException($"{first.Path} could not be deleted: {first.Status}");
            }
        }
        catch (NotFoundException)
        {
            return false;
        }

        return await DeleteContainerAsync(container, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a large object, manifest and segments. "DELETE /v1/{account}/{container}/{object}?multipart-manifest=delete".</summary>
    public async Task<BulkDeleteResult> DeleteLargeObjectAsync(string container, string name, CancellationToken cancellationToken = default)
    {
        var reply = await BulkDeleteAsync(ObjectPath(container, name) + "?multipart-manifest=delete", null, cancellationToken).ConfigureAwait(false);
        return new BulkDeleteResult(
            reply.Deleted,
            reply.NotFound,
            [.. ErrorsOf(reply)]);
    }

    /// <summary>
    /// Sets the key that temporary URLs of a container are signed with. "POST /v1/{account}/{container}", X-Container-Meta-Temp-URL-Key.
    /// </summary>
    public async Task SetTempUrlKeyAsync(string container, string key, CancellationToken cancellationToken = default)
    {
        using var request = await RequestAsync(HttpMethod.Post, ContainerPath(container), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Container-Meta-", new Dictionary<string, string> { ["Temp-URL-Key"] = key });
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The key of <see cref="SetTempUrlKeyAsync"/>; <c>null</c> when there is none, or when it is not for us to see.</summary>
    public async Task<string?> GetTempUrlKeyAsync(string container, CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync(ContainerPath(container), cancellationToken).ConfigureAwait(false);
        return ObjectHeaders.Text(response, "X-Container-Meta-Temp-URL-Key") is { } key ? Uri.UnescapeDataString(key) : null;
    }

    /// <summary>
    /// An address that lets whoever has it do one thing to one object for some time, without a login. Whoever sees it may use it: do not log it.
    /// </summary>
    /// <param name="method">GET also allows HEAD.</param>
    /// <param name="container">The container.</param>
    /// <param name="name">The object, which need not exist.</param>
    /// <param name="lifetime">How long the address is good.</param>
    /// <param name="key">The key of the container or of the account.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Uri> CreateTempUrlAsync(
        HttpMethod method, string container, string name, TimeSpan lifetime, string key, CancellationToken cancellationToken = default)
    {
        var endpoint = await _client.Session.GetEndpointAsync(ServiceType.ObjectStore, cancellationToken).ConfigureAwait(false);
        var escaped = ObjectPath(container, name);
        var expires = (_client.Session.Options.TimeProvider.GetUtcNow() + lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        // Swift signs the path as it is after decoding.
        var signed = $"{method}\n{expires}\n{Uri.UnescapeDataString(endpoint.AbsolutePath.TrimEnd('/'))}/{container}/{name}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)));
        return CloudSession.RawUri(endpoint, $"{escaped}?temp_url_sig={signature}&temp_url_expires={expires}");
    }

    private static IEnumerable<BulkDeleteError> ErrorsOf(BulkDeleteReply reply) => (reply.Errors ?? []).Select(error =>
        new BulkDeleteError(Uri.UnescapeDataString(error.ElementAtOrDefault(0) ?? ""), error.ElementAtOrDefault(1) ?? "without a reason"));

    private async Task<BulkDeleteReply> BulkDeleteAsync(string path, string? body, CancellationToken cancellationToken)
    {
        using var request = await RequestAsync(body is null ? HttpMethod.Delete : HttpMethod.Post, path, cancellationToken).ConfigureAwait(false);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "text/plain");
        }

        var call = new RequestContext(ServiceType.ObjectStore) { Repeatable = true };
        using var response = await _client.Session.SendAsync(request, call, cancellationToken).ConfigureAwait(false);
        using var document = await _client.ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
        return _client.Read(document, path, null, ObjectStorageJson.Default.BulkDeleteReply);
    }
}
