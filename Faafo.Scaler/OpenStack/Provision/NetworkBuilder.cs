using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// Finds the networks of a flock: an existing one, or three of its own behind a router, as in the guide's chapter on networking.
/// </summary>
internal sealed class NetworkBuilder(
    OpenStackClient cloud, FlockSpec flock, ResourceNames names, ExternalResources external, Action<string> progress)
{
    /// <summary>Creates what is missing.</summary>
    /// <returns>The id of each group's network.</returns>
    public async Task<IReadOnlyDictionary<string, string>> EnsureAsync(CancellationToken cancellationToken)
    {
        if (flock.OwnNetworks is not { } own)
        {
            return flock.AllGroups.ToDictionary(group => group.Name, _ => external.Network!.Id);
        }
        var listingNetworks = cloud.Networking.ListNetworksAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var listingSubnets = cloud.Networking.ListSubnetsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var ensuringRouter = EnsureRouterAsync(cancellationToken);
        await Task.WhenAll(listingNetworks, listingSubnets, ensuringRouter);
        var networks = await listingNetworks;
        var subnets = await listingSubnets;
        var router = await ensuringRouter;
        var ensured = await Task.WhenAll(own.Ranges.Select(range =>
            EnsureNetworkAsync(range.Name, range.Cidr, networks, subnets, router, cancellationToken)));
        var ids = ensured.ToDictionary(network => network.Name, network => network.Id);
        // The balancer stands in the network of the APIs.
        return flock.AllGroups.ToDictionary(
            group => group.Name, group => ids[group.Name == FlockSpec.LoadBalancer ? FlockSpec.Api : group.Name]);
    }

    private async Task<Router> EnsureRouterAsync(CancellationToken cancellationToken)
    {
        var existing = await cloud.Networking.ListRoutersAsync(names.Own, names.Project, cancellationToken)
            .FirstOrDefaultAsync(names.Owns, cancellationToken);
        if (existing is { ExternalGatewayInfo: null })
        {
            progress($"~ router {existing.Name}: gets its gateway to {external.External!.Name}");
            return await cloud.Networking.UpdateRouterAsync(
                existing.Id, new RouterUpdate { ExternalGatewayInfo = new GatewayInfo(external.External.Id) }, cancellationToken);
        }
        if (existing is not null)
        {
            return existing;
        }
        var router = await cloud.Networking.CreateRouterAsync(new NewRouter(names.Own)
        {
            Description = names.Mark,
            ExternalGatewayInfo = new GatewayInfo(external.External!.Id),
        }, cancellationToken);
        progress($"+ router {router.Name} to {external.External.Name}");
        return router;
    }

    private async Task<(string Name, string Id)> EnsureNetworkAsync(
        string name, string cidr, List<Network> networks, List<Subnet> subnets, Router router, CancellationToken cancellationToken)
    {
        var network = networks.Find(one => one.Name == names.Of(name));
        if (network is null)
        {
            network = await cloud.Networking.CreateNetworkAsync(
                new NewNetwork(names.Of(name)) { Description = names.Mark }, cancellationToken);
            progress($"+ network {network.Name}");
        }
        var subnet = subnets.Find(one => one.NetworkId == network.Id);
        if (subnet is null)
        {
            subnet = await cloud.Networking.CreateSubnetAsync(
                new NewSubnet(network.Id, cidr) { Name = names.Of(name), Description = names.Mark }, cancellationToken);
            progress($"+ subnet {subnet.Name} ({cidr})");
        }
        if (!(await ResourceParts.AttachedSubnetsAsync(cloud, router.Id, cancellationToken)).Contains(subnet.Id))
        {
            await cloud.Networking.AddRouterInterfaceAsync(router.Id, subnet.Id, cancellationToken);
            progress($"+ {network.Name} attached to router {router.Name}");
        }
        return (name, network.Id);
    }
}
