using Faafo.OpenStack;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// Deletes every resource of a flock, in dependency order, and nothing else. <see cref="ResourceRemoval"/> does the order, the retries and
/// the check of each resource's owner; this adds what only a flock has: reused addresses, credentials, its key pair and its containers.
/// </summary>
internal sealed class Teardown(OpenStackClient cloud, ResourceNames names, Action<string> progress)
{
    private readonly List<string> _left = [];
    private readonly ContainerRemoval _containers = new(cloud, names);
    private bool _isContainerKept;

    /// <summary>The resources that could not be deleted, with the reason.</summary>
    public IReadOnlyCollection<string> Left => _left;

    /// <summary>Deletes everything but the flock's own container, whose lease the caller holds.</summary>
    /// <param name="images">Whether to delete the pictures too.</param>
    /// <param name="cancellationToken">Stops between two requests; the next run finds the rest.</param>
    /// <returns>The resources that could not be deleted, with the reason.</returns>
    public async Task<IReadOnlyCollection<string>> RunAsync(bool images, CancellationToken cancellationToken)
    {
        var resources = await ManagedResources.ReadAsync(cloud, names, cancellationToken);
        await DeleteAsync(resources, cancellationToken);
        if (resources.Containers.Any(container => container.Name == names.Images))
        {
            if (images || await IsEmptyAsync(names.Images, cancellationToken))
            {
                await DeleteContainerAsync(names.Images, cancellationToken);
            }
            else
            {
                _isContainerKept = true;
                progress($"  container {names.Images} is kept with the pictures: 'down --images' deletes them");
            }
        }
        return _left;
    }

    /// <summary>Deletes these resources, except for containers.</summary>
    public async Task DeleteAsync(ManagedResources resources, CancellationToken cancellationToken)
    {
        var removal = new FlockRemoval(cloud, names)
        {
            OnRemoved = resource => progress($"- {resource}"),
            OnFailed = (resource, error) => Report(resource.ToString(), error),
        };
        foreach (var address in resources.ReusedFloatingIPs)
        {
            await TryAsync($"floating address {address.Address}",
                $"  floating address {address.Address} is kept: the project had it before the flock",
                token => removal.DetachAsync(address, token), cancellationToken);
        }
        await removal.RunAsync(resources.Removable, cancellationToken);
        if (resources.KeyPair is { } key)
        {
            await TryAsync($"key pair {key.Name}", token => removal.DeleteKeyPairAsync(key, token), cancellationToken);
        }
        foreach (var id in resources.Credentials)
        {
            await TryAsync($"application credential {names.Own}",
                token => removal.DeleteCredentialAsync(id, resources.Login, token), cancellationToken);
        }
        if (resources.Login is { } login && !resources.Credentials.Contains(login))
        {
            progress($"  application credential {login} is kept: only its owner, another user, can delete it");
        }
    }

    /// <summary>Deletes the flock's objects in a container except one.</summary>
    /// <returns>Whether all resources so far could be deleted.</returns>
    public async Task<bool> EmptyAsync(string container, string? except, CancellationToken cancellationToken)
    {
        await TryAsync($"content of container {container}", done: null,
            token => EmptyContainerAsync(container, except, token), cancellationToken);
        return _left.Count == 0;
    }

    /// <summary>
    /// Deletes the flock's own container, which is empty; keeps it if it has objects of others, or if the pictures are kept, whose flock
    /// has its id from there.
    /// </summary>
    public async Task DeleteEmptyContainerAsync(string container, CancellationToken cancellationToken)
    {
        if (!_isContainerKept)
        {
            await TryAsync($"container {container}", token => _containers.DeleteContainerAsync(container, token), cancellationToken);
        }
    }

    private Task DeleteContainerAsync(string container, CancellationToken cancellationToken) =>
        TryAsync($"container {container}", async token =>
    {
        await EmptyContainerAsync(container, except: null, token);
        await _containers.DeleteContainerAsync(container, token);
    }, cancellationToken);

    private async Task EmptyContainerAsync(string container, string? except, CancellationToken cancellationToken)
    {
        var (_, others) = await _containers.DeleteObjectsAsync(container, name => name != except, cancellationToken);
        if (others.Count > 0)
        {
            _isContainerKept = true;
            progress($"  container {container} is kept: the flock did not store its objects {string.Join(", ", others.Take(3))}"
                + (others.Count > 3 ? " and others" : ""));
        }
    }

    private async Task<bool> IsEmptyAsync(string container, CancellationToken cancellationToken) =>
        !await cloud.ObjectStorage.ListObjectsAsync(container, cancellationToken: cancellationToken).AnyAsync(cancellationToken);

    private Task TryAsync(string what, Func<CancellationToken, Task> delete, CancellationToken cancellationToken) =>
        TryAsync(what, $"- {what}", delete, cancellationToken);

    private async Task TryAsync(string what, string? done, Func<CancellationToken, Task> delete, CancellationToken cancellationToken)
    {
        try
        {
            await delete(cancellationToken);
            if (done is not null)
            {
                progress(done);
            }
        }
        catch (OpenStackException e)
        {
            Report(what, e);
        }
    }

    private void Report(string what, OpenStackException error)
    {
        _left.Add($"{what}: {error.Message}");
        progress($"  cannot delete {what}: {error.Message}");
    }
}
