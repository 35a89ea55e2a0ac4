using System.Text;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    private const int BulkSize = 1000;

    /// <summary>Deletes many objects with few requests. "POST /v1/{account}?bulk-delete".</summary>
    /// <returns>The outcome; Swift responds 200 even if nothing could be deleted, so check the errors.</returns>
    public virtual async Task<BulkDeleteResult> DeleteObjectsAsync(
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
            if (reply.Errors is null or [] && reply.Status is { } status && !status.StartsWith('2')
                && reply.Deleted + reply.NotFound < batch.Length)
            {
                errors.Add(new BulkDeleteError(container, $"{status} {reply.Body}"));
            }
        }
        return new BulkDeleteResult(deleted, notFound, errors);
    }

    /// <summary>Deletes a container with all its objects; segments of large objects are in another container and stay.</summary>
    /// <returns>False when it did not exist.</returns>
    /// <exception cref="OpenStackException">An object could not be deleted.</exception>
    public virtual async Task<bool> DeleteContainerWithObjectsAsync(string container, CancellationToken cancellationToken = default)
    {
        try
        {
            var names = await ListObjectsAsync(container, null, null, cancellationToken).Select(item => item.Name!)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            var result = await DeleteObjectsAsync(container, names, cancellationToken).ConfigureAwait(false);
            if (result.Errors is [var first, ..])
            {
                throw new OpenStackException($"cannot delete {first.Path}: {first.Status}");
            }
        }
        catch (NotFoundException)
        {
            return false;
        }
        return await DeleteContainerAsync(container, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<BulkDeleteError> ErrorsOf(BulkDeleteReply reply) => (reply.Errors ?? []).Select(error =>
        new BulkDeleteError(Uri.UnescapeDataString(error.ElementAtOrDefault(0) ?? ""), error.ElementAtOrDefault(1) ?? "without a reason"));

    private async Task<BulkDeleteReply> BulkDeleteAsync(string path, string? body, CancellationToken cancellationToken)
    {
        using var request = await RequestAsync(body is null ? HttpMethod.Delete : HttpMethod.Post, path, cancellationToken)
            .ConfigureAwait(false);
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
