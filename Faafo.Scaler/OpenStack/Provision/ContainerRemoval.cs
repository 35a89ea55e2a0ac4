using System.Collections.Concurrent;
using Faafo.OpenStack;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// Deletes containers and objects of a flock. An object of the flock's own container must carry the id: someone else may have stored it
/// there. The pictures are stored by the flock's programs, which do not know the id; their container must carry it.
/// </summary>
internal sealed class ContainerRemoval(OpenStackClient cloud, ResourceNames names)
{
    private const int Parallelism = 8;

    /// <summary>Deletes the flock's objects in one of its containers.</summary>
    /// <param name="container">The name of the container.</param>
    /// <param name="choose">Chooses by their names what to delete.</param>
    /// <param name="cancellationToken">Stops between two requests; the next run finds the rest.</param>
    /// <returns>The deleted objects, and the chosen ones that do not belong to the flock and stay.</returns>
    public async Task<(IReadOnlyList<string> Deleted, IReadOnlyList<string> Others)> DeleteObjectsAsync(
        string container, Func<string, bool> choose, CancellationToken cancellationToken)
    {
        await RequireOwnAsync(container, cancellationToken);
        var listed = await cloud.ObjectStorage.ListObjectsAsync(container, cancellationToken: cancellationToken)
            .Select(item => item.Name!).Where(choose).ToArrayAsync(cancellationToken);
        var (own, others) = container == names.Images ? (listed, []) : await SplitAsync(container, listed, cancellationToken);
        await cloud.ObjectStorage.DeleteObjectsAsync(container, own, cancellationToken);
        // One by one as well: Swift still lists some that it has expired (X-Delete-After).
        await Parallel.ForEachAsync(own, Options(cancellationToken),
            async (name, token) => await cloud.ObjectStorage.DeleteObjectAsync(container, name, token));
        return (own, others);
    }

    /// <summary>Deletes a container that is empty.</summary>
    public async Task DeleteContainerAsync(string container, CancellationToken cancellationToken)
    {
        await RequireOwnAsync(container, cancellationToken);
        await cloud.ObjectStorage.DeleteContainerAsync(container, cancellationToken);
    }

    private static ParallelOptions Options(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };

    private async Task RequireOwnAsync(string container, CancellationToken cancellationToken)
    {
        if (!names.Owns(await cloud.ObjectStorage.GetContainerAsync(container, cancellationToken)))
        {
            throw new OpenStackException($"cannot delete the container {container} or its objects: it does not carry the id of the flock");
        }
    }

    private async Task<(string[] Own, string[] Others)> SplitAsync(
        string container, IReadOnlyList<string> listed, CancellationToken cancellationToken)
    {
        var owned = new ConcurrentDictionary<string, bool>();
        await Parallel.ForEachAsync(listed, Options(cancellationToken),
            async (name, token) => owned[name] = await IsOwnAsync(container, name, token));
        return ([.. listed.Where(name => owned[name])], [.. listed.Where(name => !owned[name])]);
    }

    private async Task<bool> IsOwnAsync(string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return names.Owns(await cloud.ObjectStorage.GetObjectAsync(container, name, cancellationToken));
        }
        catch (NotFoundException)
        {
            return true;        // Expired, and still listed: only its entry in the list is deleted.
        }
    }
}
