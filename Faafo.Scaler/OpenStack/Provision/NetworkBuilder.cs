using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>The networks of a flock: the one that is there, or three of its own behind a router, as in the guide's chapter on networking.</summary>
internal sealed class NetworkBuilder(OpenStackClient cloud, FlockSpec flock, ResourceNames names, ExternalResources surroundings, Action<string> progress)
{
    /// <summary>The names of the flock's own networks, with their ranges.</summary>
    public static IReadOnlyList<(string Name, string Cidr)> Wanted(OwnNetworks own) =>
        [(FlockSpec.Worker, own.Worker), (FlockSpec.Api, own.Api), (FlockSpec.Services, own.Services)];

    /// <summary>Makes what is missing, and says which network each group is in, by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnsureAsync(CancellationToken cancellationToken)
    {
        if (flock.OwnNetworks is not { } own)
        {
            return flock.AllGroups.ToDictionary(group => group.Name, _ => surroundings.Network!.Id);
        }
        var networks = cloud.Networking.ListNetworksAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var subnets = cloud.Networking.ListSubnetsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var router = EnsureRouterAsync(cancellationToken);
        await Task.WhenAll(networks, subnets, router);
        var made = await Task.WhenAll(Wanted(own).Select(wanted =>
            EnsureNetworkAsync(wanted.Name, wanted.Cidr, networks.Result, subnets.Result, router.Result, cancellationToken)));
        var ids = made.ToDictionary(one => one.Name, one => one.Id);
        return flock.AllGroups.ToDictionary(group => group.Name, group => ids[group.Name == FlockSpec.LoadBalancer ? FlockSpec.Api : group.Name]);
    }

    private async Task<Router> EnsureRouterAsync(CancellationToken cancellationToken)
    {
        var known = await cloud.Networking.ListRoutersAsync(names.Own, names.Project, cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken);
        if (known.Count > 0)
        {
            return known[0];
        }
        var router = await cloud.Networking.CreateRouterAsync(new NewRouter(names.Own)
        {
            Description = names.Mark,
            ExternalGatewayInfo = new GatewayInfo(surroundings.External!.Id),
        }, cancellationToken);
        progress($"+ router {router.Name} to {surroundings.External.Name}");
        return router;
    }

    private async Task<(string Name, string Id)> EnsureNetworkAsync(
        string name, string cidr, List<Network> networks, List<Subnet> subnets, Router router, CancellationToken cancellationToken)
    {
        var network = networks.Find(one => one.Name == names.Of(name));
        if (network is null)
        {
            network = await cloud.Networking.CreateNetworkAsync(new NewNetwork(names.Of(name)) { Description = names.Mark }, cancellationToken);
            progress($"+ network {network.Name}");
        }
        var subnet = subnets.Find(one => one.NetworkId == network.Id);
        if (subnet is null)
        {
            subnet = await cloud.Networking.CreateSubnetAsync(
                new NewSubnet(network.Id, cidr) { Name = names.Of(name), Description = names.Mark }, cancellationToken);
            progress($"+ subnet {subnet.Name} ({cidr})");
        }
        var joined = await cloud.Networking.ListPortsAsync(deviceId: router.Id, networkId: network.Id, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        if (joined.Count == 0)
        {
            await cloud.Networking.AddRouterInterfaceAsync(router.Id, subnet.Id, cancellationToken);
            progress($"+ {network.Name} joined to router {router.Name}");
        }
        return (name, network.Id);
    }
}
