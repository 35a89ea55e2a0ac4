using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// With <see cref="ContainerRemoval"/> the only place of the scaler that deletes or detaches something in a cloud. Each call asks
/// <see cref="ResourceNames"/> whether the resource belongs to the flock, by the resource's own fields, and sends nothing if it does not.
/// </summary>
internal sealed class FlockRemoval(OpenStackClient cloud, ResourceNames names)
{
    /// <summary>How long to wait for one resource until it is gone.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Called with each resource that was deleted, one at a time.</summary>
    public Action<CloudResource>? OnRemoved { get; init; }

    /// <summary>Called with each resource that could not be deleted and the reason, one at a time.</summary>
    public Action<CloudResource, OpenStackException>? OnFailed { get; init; }

    private ResourceRemoval Removal =>
        new(cloud, names.Project, names.Owns) { Timeout = Timeout, OnRemoved = OnRemoved, OnFailed = OnFailed };

    /// <summary>Deletes resources in the order of their dependencies, and waits until they are gone.</summary>
    public Task RunAsync(IEnumerable<CloudResource> resources, CancellationToken cancellationToken) =>
        Removal.RunAsync(resources, cancellationToken);

    /// <summary>Deletes one resource and waits until it is gone.</summary>
    /// <returns>False when it was gone before.</returns>
    public Task<bool> RemoveAsync(CloudResource resource, CancellationToken cancellationToken) =>
        Removal.RemoveAsync(resource, cancellationToken);

    /// <summary>Deletes the flock's key pair.</summary>
    public Task DeleteKeyPairAsync(KeyPair pair, CancellationToken cancellationToken) => names.Owns(pair)
        ? cloud.Compute.DeleteKeyPairAsync(pair.Name, cancellationToken) : throw NotOurs($"key pair {pair.Name}");

    /// <summary>Deletes an application credential of the flock; none if it is gone.</summary>
    /// <param name="id">The id of the credential.</param>
    /// <param name="storedLogin">The id in the flock's container; null if it must not be the one.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task DeleteCredentialAsync(string id, string? storedLogin, CancellationToken cancellationToken)
    {
        var credential = await cloud.Identity.ListApplicationCredentialsAsync(cancellationToken: cancellationToken)
            .FirstOrDefaultAsync(one => one.Id == id, cancellationToken);
        if (credential is null)
        {
            return;
        }
        if (!names.Owns(credential, storedLogin))
        {
            throw NotOurs($"application credential {credential.Name}");
        }
        await cloud.Identity.DeleteApplicationCredentialAsync(id, cancellationToken);
    }

    /// <summary>
    /// Gives back a floating IP that the project had before the flock: detaches it from the flock's port that it was found at, and keeps
    /// it. The project may have released it meanwhile, or given it to something else.
    /// </summary>
    public async Task DetachAsync(FloatingIP address, CancellationToken cancellationToken)
    {
        FloatingIP now;
        try
        {
            now = await cloud.Networking.GetFloatingIPAsync(address.Id, cancellationToken);
        }
        catch (NotFoundException)
        {
            return;
        }
        if (now.PortId is null || now.PortId != address.PortId)
        {
            return;
        }
        if (!names.IsInProject(now.ProjectId) || !await IsOwnPortAsync(now.PortId, cancellationToken))
        {
            throw NotOurs($"floating address {now.Address}");
        }
        await cloud.Networking.DetachFloatingIPAsync(now.Id, cancellationToken);
    }

    /// <summary>Deletes a rule of one of the flock's security groups.</summary>
    public Task DeleteRuleAsync(SecurityGroup group, SecurityGroupRule rule, CancellationToken cancellationToken) =>
        names.Owns(group) && group.Rules.Contains(rule)
            ? cloud.Networking.DeleteSecurityGroupRuleAsync(rule.Id, cancellationToken)
            : throw NotOurs($"rule {rule.Id} of security group {group.Name}");

    private OpenStackException NotOurs(string what) =>
        new($"cannot delete {what}: it does not carry the mark of the flock '{names.Flock}', or is another project's");

    // The port of a load balancer belongs to Octavia.
    private async Task<bool> IsOwnPortAsync(string id, CancellationToken cancellationToken)
    {
        if (await cloud.Networking.ListPortsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .AnyAsync(port => port.Id == id && names.Owns(port), cancellationToken))
        {
            return true;
        }
        var token = await cloud.Session.GetTokenAsync(cancellationToken);
        return token.Catalog.Has(ServiceType.LoadBalancer)
            && await cloud.LoadBalancing.ListLoadBalancersAsync(projectId: names.Project, cancellationToken: cancellationToken)
                .AnyAsync(balancer => balancer.VipPortId == id && names.Owns(balancer), cancellationToken);
    }
}
