using System.Collections.Concurrent;
using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Options;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// Everything that must be there before the first server: key pair, networks, security groups, containers, secrets, and the ports of
/// those instances whose address others are told. A port outlives its server, so that a replaced instance is found where it was.
/// Each step finds what an earlier run has made, so a run that was cut is continued by the next.
/// </summary>
internal sealed class SharedInfrastructure(OpenStackClient cloud, FlockSpec flock, ResourceNames names, ExternalResources surroundings, Action<string> progress)
{
    private readonly ConcurrentDictionary<string, Task<Port>> _ports = new();
    private IReadOnlyDictionary<string, string>? _networks;
    private IReadOnlyDictionary<string, SecurityGroup>? _groups;
    private readonly OctaviaBalancer? _balancer = flock.Balancing == Balancing.Octavia ? new OctaviaBalancer(cloud, names, progress) : null;

    /// <summary>The name of the key pair of all instances; null for none.</summary>
    public string? KeyPair { get; private set; }

    /// <summary>What instances are told.</summary>
    public InstanceSettings Settings { get; private set; } = null!;

    /// <summary>Where users, and this scaler, find the API from outside; none without floating addresses.</summary>
    public IReadOnlyList<Uri> PublicEndpoints { get; private set; } = [];

    /// <summary>Makes what is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var key = EnsureKeyPairAsync(cancellationToken);
        var secrets = new SecretStore(cloud, names, progress).OpenAsync(cancellationToken);
        var images = SecretStore.EnsureContainerAsync(cloud, names, names.Images, progress, cancellationToken);
        var networks = new NetworkBuilder(cloud, flock, names, surroundings, progress).EnsureAsync(cancellationToken);
        var groups = EnsureGroupsAsync(cancellationToken);
        await Task.WhenAll(key, secrets, images, networks, groups);
        (KeyPair, _networks, _groups) = (await key, await networks, await groups);

        var balancer = _balancer is null ? null
            : await _balancer.EnsureAsync(_networks[FlockSpec.Api], flock.HasBalancerAddress ? surroundings.External!.Id : null, cancellationToken);
        var apis = Enumerable.Range(1, flock.Apis.Policy.Min).Select(n => PortAsync(flock.Apis, ResourceNames.Node(FlockSpec.Api, n), cancellationToken)).ToArray();
        var services = flock.HasServices ? PortAsync(flock.ServiceNodes, ResourceNames.Node(FlockSpec.Services, 1), cancellationToken) : null;
        var front = flock.Balancing switch
        {
            Balancing.HAProxy => AddressOf(await PortAsync(flock.Balancers, ResourceNames.Node(FlockSpec.LoadBalancer, 1), cancellationToken)),
            Balancing.Octavia => balancer!,
            _ => AddressOf(await apis[0]),
        };
        Settings = new InstanceSettings(flock, await secrets, cloud.Session.Config.AuthUrl, cloud.Session.Config.RegionName,
            new Uri($"http://{front}/"), services is null ? null : AddressOf(await services), [.. (await Task.WhenAll(apis)).Select(AddressOf)])
        {
            KeyPair = KeyPair,
        };
        if (_balancer is not null)
        {
            var ports = cloud.Networking.ListPortsAsync(networkId: _networks[FlockSpec.Api], projectId: names.Project, cancellationToken: cancellationToken);
            await _balancer.KeepAsync((await ports.Where(names.Owns).ToListAsync(cancellationToken)).Select(AddressOf), cancellationToken);
        }
        PublicEndpoints = await FindEndpointsAsync(cloud, flock, names, cancellationToken);
    }

    /// <summary>Goes over to another flock in the same place.</summary>
    public void Follow(FlockSpec changed, ExternalResources found)
    {
        (flock, surroundings) = (changed, found);
        Settings = Settings with { Flock = changed };
    }

    /// <summary>The ids of the networks and the security groups of a group's instances without a port of their own.</summary>
    public (string Network, IReadOnlyList<string> SecurityGroups) Of(GroupSpec group) =>
        (_networks![group.Name], [_groups![group.Name].Id, .. group.SecurityGroups.Select(name => surroundings.SecurityGroups[name])]);

    /// <summary>The port of an instance that keeps its address, with its floating address if it is to have one.</summary>
    public async Task<Port> PortAsync(GroupSpec group, string node, CancellationToken cancellationToken)
    {
        var port = _ports.GetOrAdd(node, _ => EnsurePortAsync(group, node, cancellationToken));
        try
        {
            return await port;
        }
        catch
        {
            // What was refused is asked for anew the next time, and not known as refused for ever.
            _ports.TryRemove(KeyValuePair.Create(node, port));
            throw;
        }
    }

    /// <summary>The IPv4 address of a port.</summary>
    public static string AddressOf(Port port) => port.FixedIps.Select(ip => ip.IpAddress).OfType<string>().First(ip => ip.Contains('.', StringComparison.Ordinal));

    /// <summary>Gives back the port and the floating address of an instance that will not come again.</summary>
    public async Task ReleaseAsync(GroupSpec group, string node, CancellationToken cancellationToken)
    {
        _ports.TryRemove(node, out _);
        var ports = await cloud.Networking.ListPortsAsync(networkId: _networks![group.Name], projectId: names.Project, cancellationToken: cancellationToken)
            .Where(port => port.Name == names.Of(node) && names.Owns(port)).ToListAsync(cancellationToken);
        foreach (var port in ports)
        {
            await foreach (var address in cloud.Networking.ListFloatingIPsAsync(port.Id, cancellationToken: cancellationToken))
            {
                if (names.Owns(address))
                {
                    await cloud.Networking.DeleteFloatingIPAsync(address.Id, cancellationToken);
                }
                else if (names.IsInProject(address.ProjectId))
                {
                    await cloud.Networking.DetachFloatingIPAsync(address.Id, cancellationToken);
                }
            }
            if (_balancer is not null && group.Name == FlockSpec.Api)
            {
                await _balancer.LeaveAsync(AddressOf(port), cancellationToken);
            }
            await cloud.Networking.DeletePortAsync(port.Id, cancellationToken);
        }
    }

    /// <summary>
    /// Where a flock answers from outside: the floating addresses of its balancer and of those APIs that have one. First comes what stands
    /// before the APIs by flock.yaml; the others may be there from before it was changed.
    /// </summary>
    public static async Task<IReadOnlyList<Uri>> FindEndpointsAsync(OpenStackClient cloud, FlockSpec flock, ResourceNames names, CancellationToken cancellationToken)
    {
        var inventory = await ManagedResources.ReadAsync(cloud, names, cancellationToken);
        var octavia = inventory.LoadBalancers.Select(balancer => balancer.VipPortId);
        var haproxy = Ports(names.Of(ResourceNames.Node(FlockSpec.LoadBalancer, 1)));
        var apis = Ports(names.Of("app-api-"));
        var front = flock.Balancing switch
        {
            Balancing.Octavia => octavia.Concat(haproxy).Concat(apis),
            Balancing.HAProxy => haproxy.Concat(octavia).Concat(apis),
            _ => apis.Concat(haproxy).Concat(octavia),
        };
        IEnumerable<string?> Ports(string start) => inventory.Ports.Where(port => port.Name.StartsWith(start, StringComparison.Ordinal))
            .OrderBy(port => port.Name, StringComparer.Ordinal).Select(port => port.Id);
        var addresses = inventory.FloatingIPs.Concat(inventory.ReusedFloatingIPs).ToArray();
        return [.. front.Select(port => addresses.FirstOrDefault(address => address.PortId == port)).OfType<FloatingIP>().Select(found => new Uri($"http://{found.Address}/"))];
    }

    /// <summary>The first of them that answers; the first of all when none does, and null when there is none.</summary>
    public static async Task<Uri?> FindEndpointAsync(OpenStackClient cloud, FlockSpec flock, ResourceNames names, CancellationToken cancellationToken)
    {
        var endpoints = await FindEndpointsAsync(cloud, flock, names, cancellationToken);
        foreach (var endpoint in endpoints)
        {
            if (endpoints.Count == 1 || await FaafoClient.Connect(endpoint, timeout: TimeSpan.FromSeconds(4)).IsReadyAsync(cancellationToken))
            {
                return endpoint;
            }
        }
        return endpoints.Count > 0 ? endpoints[0] : null;
    }

    private async Task<Port> EnsurePortAsync(GroupSpec group, string node, CancellationToken cancellationToken)
    {
        var (network, groups) = Of(group);
        var ports = await cloud.Networking.ListPortsAsync(networkId: network, projectId: names.Project, cancellationToken: cancellationToken)
            .Where(one => one.Name == names.Of(node) && names.Owns(one)).ToListAsync(cancellationToken);
        var port = ports.Count > 0 ? ports[0] : null;
        if (port is null)
        {
            port = await cloud.Networking.CreatePortAsync(
                new NewPort(network) { Name = names.Of(node), Description = names.Mark, SecurityGroups = groups }, cancellationToken);
            progress($"+ port {port.Name} ({AddressOf(port)})");
        }
        if (flock.HasFloatingIP(group))
        {
            var had = await cloud.Networking.ListFloatingIPsAsync(port.Id, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
            var address = had.Count > 0 ? had[0]
                : await cloud.Networking.AttachFloatingIPToPortAsync(port.Id, surroundings.External!.Id, names.Mark, cancellationToken);
            if (had.Count == 0)
            {
                progress($"+ floating address {address.Address} of {node}");
            }
        }
        if (_balancer is not null && group.Name == FlockSpec.Api)
        {
            await _balancer.JoinAsync(node, AddressOf(port), cancellationToken);
        }
        return port;
    }

    private async Task<string?> EnsureKeyPairAsync(CancellationToken cancellationToken)
    {
        if (flock.PublicKeyFile is not { } file)
        {
            return flock.KeyPair;
        }
        var known = await cloud.Compute.ListKeyPairsAsync(cancellationToken)
            .Where(key => key.Name == names.KeyPair).ToListAsync(cancellationToken);
        if (known.Count == 0)
        {
            await cloud.Compute.ImportKeyPairAsync(names.KeyPair, (await File.ReadAllTextAsync(file, cancellationToken)).Trim(), cancellationToken);
            progress($"+ key pair {names.KeyPair}");
        }
        else if (known[0].PublicKey is { } there && KeyOf(there) != KeyOf(await File.ReadAllTextAsync(file, cancellationToken)))
        {
            throw new FailureException($"the key pair {names.KeyPair} has another key than {file}: delete it with 'openstack keypair delete {names.KeyPair}', "
                + "or name the file that it was made from in public_key_file");
        }
        return names.KeyPair;

        // Type and key; the comment behind them may differ.
        static string KeyOf(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Take(2));
    }

    private async Task<IReadOnlyDictionary<string, SecurityGroup>> EnsureGroupsAsync(CancellationToken cancellationToken)
    {
        var known = await cloud.Networking.ListSecurityGroupsAsync(projectId: names.Project, cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken);
        var groups = new ConcurrentDictionary<string, SecurityGroup>();
        await Parallel.ForEachAsync(flock.AllGroups, cancellationToken, async (group, stop) =>
        {
            var name = names.Of(group.Name);
            if (known.Find(one => one.Name == name) is not { } found)
            {
                found = await cloud.Networking.CreateSecurityGroupAsync(name, names.Mark, stop);
                progress($"+ security group {name}");
            }
            groups[group.Name] = found;
        });
        await SecurityRules.ApplyAsync(cloud, flock, groups, progress, cancellationToken);
        return groups;
    }
}
