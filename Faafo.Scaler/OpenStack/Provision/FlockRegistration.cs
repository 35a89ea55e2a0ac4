using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// Stores the id of a flock in the metadata of its container. The caller holds the lease, and nothing of a new flock exists yet: whatever
/// created the container, from now on the flock has this id.
/// </summary>
internal static class FlockRegistration
{
    /// <summary>Registers a flock that has no id yet. One of version 0.2 or older keeps what carries the old marks.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="names">The names that were read before the lease was taken.</param>
    /// <param name="id">The id that flock.yaml names; null for none.</param>
    /// <param name="progress">Shows the registration.</param>
    /// <param name="cancellationToken">Interrupts it; the next run continues.</param>
    /// <returns>The names with the id that the container has.</returns>
    /// <exception cref="FailureException">The flock belongs to another user.</exception>
    public static async Task<ResourceNames> EnsureAsync(
        OpenStackClient cloud, ResourceNames names, string? id, Action<string> progress, CancellationToken cancellationToken)
    {
        var identity = await FlockIdentity.ReadAsync(cloud, names.Flock, id, cancellationToken);
        if (identity.IsRegistered)
        {
            return identity.Names;
        }
        var registered = names with { HasOldMarks = identity.Names.HasOldMarks };
        var token = await cloud.Session.GetTokenAsync(cancellationToken);
        var isShared = registered.HasOldMarks && await IsSharedAsync(cloud, registered, token.User?.Id, cancellationToken);
        var metadata = new Dictionary<string, string> { [FlockIdentity.IdKey] = registered.Id };
        if (registered.HasOldMarks)
        {
            metadata[FlockIdentity.OldMarksKey] = "yes";
        }
        if (token.User?.Id is { } user && !isShared)
        {
            metadata[FlockIdentity.UserKey] = user;
        }
        await cloud.ObjectStorage.UpdateContainerAsync(
            registered.Container, new ContainerUpdate { Metadata = metadata }, cancellationToken);
        var container = await cloud.ObjectStorage.GetContainerAsync(registered.Container, cancellationToken);
        if (FlockIdentity.IdOf(container.Metadata) != registered.Id)
        {
            throw new OpenStackException(
                $"the id {registered.Id} of the flock cannot be read back from the metadata of the container {registered.Container}");
        }
        progress($"  the flock '{registered.Flock}' has the id {registered.Id}"
            + (registered.HasOldMarks ? "; what an earlier version made keeps its marks" : ""));
        return registered;
    }

    // Without ids, all users of a project who wrote the same name ran one flock.
    private static async Task<bool> IsSharedAsync(
        OpenStackClient cloud, ResourceNames names, string? user, CancellationToken cancellationToken)
    {
        var servers = await ManagedResources.ServersAsync(cloud, names, cancellationToken);
        var others = servers.Select(server => server.UserId).OfType<string>().Where(other => other != user).Distinct().ToArray();
        if (others.Length > 0 && !servers.Exists(server => server.UserId is null || server.UserId == user))
        {
            throw new FailureException($"the project has a flock '{names.Flock}' already, whose servers the user {others[0]} created "
                + "with an earlier version: give yours another name, or let that user run 'up' once, which gives the flock an id");
        }
        return others.Length > 0;
    }
}
