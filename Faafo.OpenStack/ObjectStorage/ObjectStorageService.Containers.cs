using System.Net;
using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    /// <summary>Lists the account's containers by name. "GET /v1/{account}".</summary>
    public virtual async IAsyncEnumerable<Container> ListContainersAsync(
        string? prefix = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var container in ListAsync(
            "", prefix, null, ObjectStorageJson.Default.Container, item => item.Name, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return container;
        }
    }

    /// <summary>Creates a container. "PUT /v1/{account}/{container}".</summary>
    /// <returns>False when the container existed; its metadata is updated then.</returns>
    public virtual Task<bool> CreateContainerAsync(
        string container, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        PutContainerAsync(container, metadata, once: false, cancellationToken);

    /// <summary>
    /// The same with a request that is never repeated, so that the result tells who created the container: after a lost response, a
    /// repeated request would find the container of the first. "PUT /v1/{account}/{container}".
    /// </summary>
    /// <returns>False when the container existed; its metadata is updated then.</returns>
    /// <exception cref="NoAnswerException">The response was lost: the container may have been created.</exception>
    public virtual Task<bool> CreateContainerOnceAsync(
        string container, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        PutContainerAsync(container, metadata, once: true, cancellationToken);

    /// <summary>Reads a container's counters, metadata and access control lists. "HEAD /v1/{account}/{container}".</summary>
    /// <exception cref="NotFoundException">There is no such container.</exception>
    public virtual async Task<Container> GetContainerAsync(string container, CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync(ContainerPath(container), cancellationToken).ConfigureAwait(false);
        return new Container
        {
            Name = container,
            Count = ObjectHeaders.Number(response, "X-Container-Object-Count") ?? 0,
            Bytes = ObjectHeaders.Number(response, "X-Container-Bytes-Used") ?? 0,
            Metadata = ObjectHeaders.ReadMetadata(response, "X-Container-Meta-"),
            ReadAcl = ObjectHeaders.Text(response, "X-Container-Read"),
            WriteAcl = ObjectHeaders.Text(response, "X-Container-Write"),
        };
    }

    /// <summary>Changes a container's access control lists and metadata. "POST /v1/{account}/{container}".</summary>
    /// <exception cref="NotFoundException">There is no such container.</exception>
    /// <exception cref="OpenStackApiException">An access control list is invalid.</exception>
    public virtual async Task UpdateContainerAsync(
        string container, ContainerUpdate update, CancellationToken cancellationToken = default)
    {
        using var request = await RequestAsync(HttpMethod.Post, ContainerPath(container), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Container-Meta-", update.Metadata);
        ObjectHeaders.Write(request.Headers, "X-Container-Read", update.ReadAcl);
        ObjectHeaders.Write(request.Headers, "X-Container-Write", update.WriteAcl);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes an empty container. "DELETE /v1/{account}/{container}".</summary>
    /// <returns>False when it did not exist.</returns>
    /// <exception cref="ConflictException">It still has objects.</exception>
    public virtual Task<bool> DeleteContainerAsync(string container, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(ContainerPath(container), cancellationToken);

    private async Task<bool> PutContainerAsync(
        string container, IReadOnlyDictionary<string, string>? metadata, bool once, CancellationToken cancellationToken)
    {
        using var request = await RequestAsync(HttpMethod.Put, ContainerPath(container), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Container-Meta-", metadata);
        var context = new RequestContext(ServiceType.ObjectStore) { Once = once };
        using var response = await _client.Session.SendAsync(request, context, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Created;
    }
}
