using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    /// <summary>Lists objects by name. "GET /v1/{account}/{container}".</summary>
    /// <param name="container">The container.</param>
    /// <param name="prefix">Filters by prefix.</param>
    /// <param name="delimiter">
    /// Groups names that share a prefix up to this character into one item that has only <see cref="ObjectItem.Subdirectory"/>.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual async IAsyncEnumerable<ObjectItem> ListObjectsAsync(
        string container, string? prefix = null, char? delimiter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in ListAsync(
            ContainerPath(container), prefix, delimiter, ObjectStorageJson.Default.ObjectItem,
            item => item.Name ?? item.Subdirectory, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return item;
        }
    }

    /// <summary>Reads an object's properties. "HEAD /v1/{account}/{container}/{object}".</summary>
    /// <exception cref="NotFoundException">There is no such object.</exception>
    public virtual async Task<ObjectInfo> GetObjectAsync(string container, string name, CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync(ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
        return ObjectHeaders.ReadInfo(response, name);
    }

    /// <summary>
    /// Replaces all of an object's metadata; Swift drops its expiry, disposition and encoding too, which <see cref="UpdateObjectAsync"/>
    /// keeps. "POST /v1/{account}/{container}/{object}".
    /// </summary>
    public virtual async Task SetObjectMetadataAsync(
        string container, string name, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        using var request = await RequestAsync(HttpMethod.Post, ObjectPath(container, name), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Object-Meta-", metadata);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes an object; of a large object only the manifest. "DELETE /v1/{account}/{container}/{object}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteObjectAsync(string container, string name, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(ObjectPath(container, name), cancellationToken);
}
