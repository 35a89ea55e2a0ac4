using Faafo.Scaler.Control;
using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// Everything that must exist before the first server: key pair, networks, security groups, containers, secrets, and the ports of
/// instances with a stable address. Each step finds what an earlier run created, so a run continues one that was interrupted.
/// </summary>
internal sealed class SharedInfrastructure
{
    private readonly OpenStackClient _cloud;
    private readonly ResourceNames _names;
    private readonly Action<string> _progress;
    private readonly OctaviaBalancer? _balancer;
    private readonly InstancePorts _ports;
    private FlockSpec _flock;
    private ExternalResources _external;
    private IReadOnlyDictionary<string, string> _networks = new Dictionary<string, string>();
    private IReadOnlyDictionary<string, SecurityGroup> _groups = new Dictionary<string, SecurityGroup>();
    private FlockSecrets? _secrets;
    private string? _balancerAddress;

    public SharedInfrastructure(
        OpenStackClient cloud, FlockSpec flock, ResourceNames names, ExternalResources external, Action<string> progress)
    {
        _cloud = cloud;
        _flock = flock;
        _names = names;
        _external = external;
        _progress = progress;
        _balancer = flock.Balancing == Balancing.Octavia ? new OctaviaBalancer(cloud, names, progress) : null;
        _ports = new InstancePorts(cloud, names, _balancer, progress);
    }

    /// <summary>The name of the key pair of all instances; null for none.</summary>
    public string? KeyPair { get; private set; }

    /// <summary>The settings of all instances, with the addresses that the ports have now.</summary>
    public InstanceSettings Settings
    {
        get
        {
            var config = _cloud.Session.Config;
            var front = _flock.Balancing switch
            {
                Balancing.HAProxy => _ports.AddressOf(InstanceName.Of(FlockSpec.LoadBalancer, 1)),
                Balancing.Octavia => _balancerAddress,
                _ => _ports.AddressOf(InstanceName.Of(FlockSpec.Api, 1)),
            };
            return new InstanceSettings(_flock, _secrets!, config.AuthUrl, config.RegionName, new Uri($"http://{front}/"),
                _flock.HasServices ? _ports.AddressOf(InstanceName.Of(FlockSpec.Services, 1)) : null,
                [.. FirstApis.Select(_ports.AddressOf).OfType<string>()])
            {
                KeyPair = KeyPair,
            };
        }
    }

    /// <summary>The URLs of the API from outside the cloud; none without floating IPs.</summary>
    public IReadOnlyList<Uri> Endpoints { get; private set; } = [];

    /// <summary>Creates what is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var keyPair = KeyPairImporter.EnsureAsync(_cloud, _flock, _names, _progress, cancellationToken);
        var secrets = new SecretStore(_cloud, _names, _progress).OpenAsync(cancellationToken);
        var images = SecretStore.EnsureContainerAsync(_cloud, _names, _names.Images, _progress, cancellationToken);
        var networks = new NetworkBuilder(_cloud, _flock, _names, _external, _progress).EnsureAsync(cancellationToken);
        var groups = new SecurityGroupBuilder(_cloud, _flock, _names, _progress).EnsureAsync(cancellationToken);
        await Task.WhenAll(keyPair, secrets, images, networks, groups);
        KeyPair = await keyPair;
        _networks = await networks;
        _groups = await groups;
        _secrets = await secrets;
        await EnsureAddressesAsync(cancellationToken);
        Endpoints = await PublicEndpoints.FindAsync(_cloud, _flock, _names, cancellationToken);
    }

    /// <summary>Uses a changed flock from now on. Only changes that need no other infrastructure are possible.</summary>
    public void Follow(FlockSpec changed, ExternalResources external)
    {
        _flock = changed;
        _external = external;
    }

    /// <summary>The network and the security groups of a group's instances.</summary>
    public GroupPlacement PlacementOf(GroupSpec group) => new(
        _networks[group.Name], [_groups[group.Name].Id, .. group.SecurityGroups.Select(name => _external.SecurityGroups[name])]);

    /// <summary>Creates the port of an instance with a stable address if it does not exist, with its floating IP.</summary>
    public Task<Port> EnsurePortAsync(GroupSpec group, string node, CancellationToken cancellationToken)
    {
        var external = _flock.HasFloatingIP(group) ? _external.External!.Id : null;
        return _ports.EnsureAsync(group, node, PlacementOf(group), external, cancellationToken);
    }

    /// <summary>Looks for the port of an instance again before its next creation.</summary>
    public void ForgetPort(string node) => _ports.Forget(node);

    /// <summary>Deletes the port and the floating IP of an instance that is not replaced.</summary>
    public Task ReleasePortAsync(GroupSpec group, string node, CancellationToken cancellationToken) =>
        _ports.ReleaseAsync(group, node, _networks[group.Name], cancellationToken);

    /// <summary>Deletes the ports and floating IPs whose deletion failed before.</summary>
    public Task ReleaseRestAsync(CancellationToken cancellationToken) => _ports.ReleaseRestAsync(cancellationToken);

    /// <summary>Makes the APIs that have a port the members of the load balancer of Octavia, if there is one.</summary>
    public async Task AlignMembersAsync(CancellationToken cancellationToken)
    {
        if (_balancer is null)
        {
            return;
        }
        var ports = await _cloud.Networking
            .ListPortsAsync(networkId: _networks[FlockSpec.Api], projectId: _names.Project, cancellationToken: cancellationToken)
            .Where(_names.Owns).ToListAsync(cancellationToken);
        await _balancer.AlignMembersAsync(ApiPorts.AddressesOf(_names, ports), cancellationToken);
    }

    // Other instances are configured with these addresses. The other APIs get theirs together with their servers.
    private IEnumerable<string> FirstApis => Enumerable.Range(1, Math.Min(_flock.Apis.Policy.Min, InstanceSetup.FirstServers))
        .Select(n => InstanceName.Of(FlockSpec.Api, n));

    private async Task EnsureAddressesAsync(CancellationToken cancellationToken)
    {
        _balancerAddress = await EnsureBalancerAsync(cancellationToken);
        var ports = FirstApis.Select(node => EnsurePortAsync(_flock.Apis, node, cancellationToken)).ToList();
        if (_flock.HasServices)
        {
            ports.Add(EnsurePortAsync(_flock.ServiceNodes, InstanceName.Of(FlockSpec.Services, 1), cancellationToken));
        }
        if (_flock.Balancing == Balancing.HAProxy)
        {
            ports.Add(EnsurePortAsync(_flock.Balancers, InstanceName.Of(FlockSpec.LoadBalancer, 1), cancellationToken));
        }
        await Task.WhenAll(ports);
    }

    private async Task<string?> EnsureBalancerAsync(CancellationToken cancellationToken)
    {
        if (_balancer is null)
        {
            return null;
        }
        var external = _flock.HasBalancerAddress ? _external.External!.Id : null;
        return await _balancer.EnsureAsync(_networks[FlockSpec.Api], external, cancellationToken);
    }
}
