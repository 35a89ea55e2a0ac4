using System.Net;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>The resources of a flock in its cloud: everything that carries its tag or mark, and nothing else.</summary>
internal sealed record ManagedResources
{
    /// <summary>The servers, including failed ones.</summary>
    public required IReadOnlyList<Server> Servers { get; init; }

    /// <summary>Servers that are being deleted and still hold ports and groups.</summary>
    public required IReadOnlyList<Server> Leaving { get; init; }

    /// <summary>The ports.</summary>
    public required IReadOnlyList<Port> Ports { get; init; }

    /// <summary>Floating IPs that were allocated for the flock.</summary>
    public required IReadOnlyList<FloatingIP> FloatingIPs { get; init; }

    /// <summary>Floating IPs that lead to the flock's ports, but that the project had before.</summary>
    public required IReadOnlyList<FloatingIP> ReusedFloatingIPs { get; init; }

    /// <summary>The security groups.</summary>
    public required IReadOnlyList<SecurityGroup> SecurityGroups { get; init; }

    /// <summary>The networks.</summary>
    public required IReadOnlyList<Network> Networks { get; init; }

    /// <summary>The subnets of the networks.</summary>
    public required IReadOnlyList<Subnet> Subnets { get; init; }

    /// <summary>The routers.</summary>
    public required IReadOnlyList<Router> Routers { get; init; }

    /// <summary>The load balancers of Octavia.</summary>
    public required IReadOnlyList<LoadBalancer> LoadBalancers { get; init; }

    /// <summary>The containers.</summary>
    public required IReadOnlyList<Container> Containers { get; init; }

    /// <summary>The id of the application credential of the instances; null when there is none yet.</summary>
    public required string? Login { get; init; }

    /// <summary>The ids of the flock's application credentials that belong to this user.</summary>
    public required IReadOnlyList<string> Credentials { get; init; }

    /// <summary>The flock's own key pair.</summary>
    public required KeyPair? KeyPair { get; init; }

    /// <summary>The stored bundle of programs for new instances; null when the flock's container has none.</summary>
    public StoredBundle? Bundle { get; init; }

    /// <summary>What is inside of router and load balancer; null when it was not read.</summary>
    public ResourceParts? Parts { get; init; }

    /// <summary>No resources.</summary>
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

    /// <summary>The number of resources.</summary>
    public int Count => Removable.Count + Containers.Count + Credentials.Count + (KeyPair is null ? 0 : 1);

    /// <summary>The resources that <see cref="ResourceRemoval"/> deletes.</summary>
    public IReadOnlyList<CloudResource> Removable =>
    [
        .. Servers.Concat(Leaving).Select(CloudResource.From),
        .. FloatingIPs.Select(CloudResource.From),
        .. LoadBalancers.Select(CloudResource.From),
        .. Ports.Select(CloudResource.From),
        .. Routers.Select(CloudResource.From),
        .. Subnets.Select(CloudResource.From),
        .. Networks.Select(CloudResource.From),
        .. SecurityGroups.Select(CloudResource.From),
    ];

    /// <summary>Reads all resources of the flock, in parallel.</summary>
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
        var login = StoredLogin.FindAsync(cloud, names, cancellationToken);
        var keys = cloud.Compute.ListKeyPairsAsync(cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken).AsTask();
        var balancers = BalancersAsync(cloud, names, cancellationToken);
        var containers = ContainersAsync(cloud, names, cancellationToken);
        var bundle = StoredBundle.FindAsync(cloud, names, cancellationToken);
        await Task.WhenAll(servers, ports, addresses, groups, networks, subnets, routers, credentials, login, keys, balancers, containers,
            bundle);
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
            Credentials = [.. (await credentials).Where(one => names.Owns(one, login.Result?.Id)).Select(one => one.Id)],
            KeyPair = (await keys).FirstOrDefault(),
            Bundle = await bundle,
        };
    }

    /// <summary>Reads the servers that are not being deleted.</summary>
    public static async Task<List<Server>> ServersAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken) =>
        [.. (await AllServersAsync(cloud, names, cancellationToken)).Where(server => server.TaskState != "deleting")];

    private static Task<List<Server>> AllServersAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken) =>
        cloud.Compute.ListServersAsync(new ServerQuery { Tags = [names.Tag] }, cancellationToken)
            .Where(server => names.Owns(server) && server.Status != ServerStatus.Deleted && server.Status != ServerStatus.SoftDeleted)
            .ToListAsync(cancellationToken).AsTask();

    private static async Task<List<LoadBalancer>> BalancersAsync(
        OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        var token = await cloud.Session.GetTokenAsync(cancellationToken);
        if (!token.Catalog.Has(ServiceType.LoadBalancer))
        {
            return [];
        }
        try
        {
            return await cloud.LoadBalancing.ListLoadBalancersAsync(projectId: names.Project, cancellationToken: cancellationToken)
                .Where(names.Owns).ToListAsync(cancellationToken);
        }
        catch (OpenStackApiException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return [];      // Octavia has its own roles: a user who may not list load balancers cannot have created one.
        }
    }

    private static async Task<List<Container>> ContainersAsync(
        OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        var found = new List<Container>();
        foreach (var name in (string[])[names.Container, names.Images])
        {
            try
            {
                var container = await cloud.ObjectStorage.GetContainerAsync(name, cancellationToken);
                if (names.Owns(container))
                {
                    found.Add(container);
                }
            }
            catch (NotFoundException)
            {
                // It does not exist yet.
            }
        }
        return found;
    }
}
