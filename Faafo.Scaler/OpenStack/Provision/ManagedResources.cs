using System.Net;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.OpenStack.ObjectStorage;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>What of a flock is in its cloud: everything that carries its tag or mark, and nothing else.</summary>
internal sealed record ManagedResources
{
    /// <summary>Its servers, also failed ones.</summary>
    public required IReadOnlyList<Server> Servers { get; init; }

    /// <summary>Servers that someone has begun to delete, and that still hold ports and groups.</summary>
    public required IReadOnlyList<Server> Leaving { get; init; }

    /// <summary>Its ports.</summary>
    public required IReadOnlyList<Port> Ports { get; init; }

    /// <summary>Floating addresses that were allocated for it.</summary>
    public required IReadOnlyList<FloatingIP> FloatingIPs { get; init; }

    /// <summary>Floating addresses of the project's that lead to its ports but were there before.</summary>
    public required IReadOnlyList<FloatingIP> ReusedFloatingIPs { get; init; }

    /// <summary>Its security groups.</summary>
    public required IReadOnlyList<SecurityGroup> SecurityGroups { get; init; }

    /// <summary>Its networks.</summary>
    public required IReadOnlyList<Network> Networks { get; init; }

    /// <summary>The subnets of its networks.</summary>
    public required IReadOnlyList<Subnet> Subnets { get; init; }

    /// <summary>Its routers.</summary>
    public required IReadOnlyList<Router> Routers { get; init; }

    /// <summary>Its balancers in Octavia.</summary>
    public required IReadOnlyList<LoadBalancer> LoadBalancers { get; init; }

    /// <summary>Its containers.</summary>
    public required IReadOnlyList<Container> Containers { get; init; }

    /// <summary>The id of the application credential that its instances log in with; null when there is none yet.</summary>
    public required string? Login { get; init; }

    /// <summary>Its application credentials that this login's user has, by id.</summary>
    public required IReadOnlyList<string> Credentials { get; init; }

    /// <summary>Its own key pair.</summary>
    public required KeyPair? KeyPair { get; init; }

    /// <summary>The bundle of programs that its new instances get, if it is stored in its container.</summary>
    public StoredBundle? Bundle { get; init; }

    /// <summary>Nothing.</summary>
    public static ManagedResources Empty { get; } = new()
    {
        Servers = [],
        Leaving = [],
        Ports = [],
        FloatingIPs = [],
        ReusedFloatingIPs = [],
        SecurityGroups = [],
        Networks = [],
        Subnets = [],
        Routers = [],
        LoadBalancers = [],
        Containers = [],
        Login = null,
        Credentials = [],
        KeyPair = null,
    };

    /// <summary>How many things there are.</summary>
    public int Count => Servers.Count + Leaving.Count + Ports.Count + FloatingIPs.Count + SecurityGroups.Count + Networks.Count + Subnets.Count + Routers.Count
        + LoadBalancers.Count + Containers.Count + Credentials.Count + (KeyPair is null ? 0 : 1);

    /// <summary>Reads it all.</summary>
    public static async Task<ManagedResources> ReadAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        var net = cloud.Networking;
        var servers = AllServersAsync(cloud, names, cancellationToken);
        var ports = net.ListPortsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var addresses = net.ListFloatingIPsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(address => names.IsInProject(address.ProjectId)).ToListAsync(cancellationToken).AsTask();
        var groups = net.ListSecurityGroupsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var networks = net.ListNetworksAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var subnets = net.ListSubnetsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var routers = net.ListRoutersAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var credentials = cloud.Identity.ListApplicationCredentialsAsync(cancellationToken: cancellationToken)
            .Where(one => names.IsInProject(one.ProjectId)).ToListAsync(cancellationToken).AsTask();
        var login = SecretStore.StoredLoginAsync(cloud, names, cancellationToken);
        var keys = cloud.Compute.ListKeyPairsAsync(cancellationToken)
            .Where(key => key.Name == names.KeyPair).ToListAsync(cancellationToken).AsTask();
        var balancers = BalancersAsync(cloud, names, cancellationToken);
        var containers = ContainersAsync(cloud, names, cancellationToken);
        var bundle = Provision.Bundle.FindAsync(cloud, names, cancellationToken);
        await Task.WhenAll(servers, ports, addresses, groups, networks, subnets, routers, credentials, login, keys, balancers, containers, bundle);
        var mine = (await ports).Select(port => port.Id).Concat((await balancers).Select(balancer => balancer.VipPortId)).ToHashSet();
        return new ManagedResources
        {
            Servers = [.. (await servers).Where(server => server.TaskState != "deleting")],
            Leaving = [.. (await servers).Where(server => server.TaskState == "deleting")],
            Ports = await ports,
            FloatingIPs = [.. (await addresses).Where(names.Owns)],
            ReusedFloatingIPs = [.. (await addresses).Where(address => !names.Owns(address) && mine.Contains(address.PortId))],
            SecurityGroups = await groups,
            Networks = await networks,
            Subnets = await subnets,
            Routers = await routers,
            LoadBalancers = await balancers,
            Containers = await containers,
            Login = (await login)?.Id,
            // One that a scaler of version 0.1 made is known by its id alone.
            Credentials = [.. (await credentials).Where(one => names.Owns(one) || one.Id == login.Result?.Id).Select(one => one.Id)],
            KeyPair = (await keys).FirstOrDefault(),
            Bundle = await bundle,
        };
    }

    /// <summary>The flock's servers that are not being deleted.</summary>
    public static async Task<List<Server>> ServersAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken) =>
        [.. (await AllServersAsync(cloud, names, cancellationToken)).Where(server => server.TaskState != "deleting")];

    private static Task<List<Server>> AllServersAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken) =>
        cloud.Compute.ListServersAsync(new ServerQuery { Tags = [names.Tag] }, cancellationToken)
            .Where(server => names.Owns(server) && server.Status != "DELETED").ToListAsync(cancellationToken).AsTask();

    private static async Task<List<LoadBalancer>> BalancersAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        try
        {
            return (await cloud.Session.GetTokenAsync(cancellationToken)).Catalog.Has(ServiceType.LoadBalancer)
                ? await cloud.LoadBalancing.ListLoadBalancersAsync(names.Own, names.Project, cancellationToken)
                    .Where(names.Owns).ToListAsync(cancellationToken)
                : [];
        }
        catch (OpenStackApiException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return [];      // Octavia has roles of its own, and who may not list balancers has made none.
        }
    }

    private static async Task<List<Container>> ContainersAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        var found = new List<Container>();
        foreach (var name in (string[])[names.Container, names.Images])
        {
            try
            {
                var container = await cloud.ObjectStorage.GetContainerAsync(name, cancellationToken);
                if (SecretStore.IsOf(names, container))
                {
                    found.Add(container);
                }
            }
            catch (NotFoundException)
            {
                // Not made yet.
            }
        }
        return found;
    }
}
