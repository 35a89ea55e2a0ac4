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

    /// <summary>The settings of all instances.</summary>
    public InstanceSettings Settings { get; private set; } = null!;

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
        Settings = await EnsureAddressesAsync(await secrets, cancellationToken);
        await RemoveStaleMembersAsync(cancellationToken);
        Endpoints = await PublicEndpoints.FindAsync(_cloud, _flock, _names, cancellationToken);
    }

    /// <summary>Uses a changed flock from now on. Only changes that need no other infrastructure are possible.</summary>
    public void Follow(FlockSpec changed, ExternalResources external)
    {
        _flock = changed;
        _external = external;
        Settings = Settings with { Flock = changed };
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

    /// <summary>Deletes the port and the floating IP of an instance that is not replaced.</summary>
    public Task ReleasePortAsync(GroupSpec group, string node, CancellationToken cancellationToken) =>
        _ports.ReleaseAsync(group, node, _networks[group.Name], cancellationToken);

    private async Task<InstanceSettings> EnsureAddressesAsync(FlockSecrets secrets, CancellationToken cancellationToken)
    {
        var balancer = await EnsureBalancerAsync(cancellationToken);
        var apis = Enumerable.Range(1, _flock.Apis.Policy.Min)
            .Select(n => AddressAsync(_flock.Apis, InstanceName.Of(FlockSpec.Api, n), cancellationToken)).ToArray();
        var services = _flock.HasServices
            ? AddressAsync(_flock.ServiceNodes, InstanceName.Of(FlockSpec.Services, 1), cancellationToken) : null;
        var front = _flock.Balancing switch
        {
            Balancing.HAProxy => await AddressAsync(_flock.Balancers, InstanceName.Of(FlockSpec.LoadBalancer, 1), cancellationToken),
            Balancing.Octavia => balancer!,
            _ => await apis[0],
        };
        var config = _cloud.Session.Config;
        var servicesAddress = services is null ? null : await services;
        return new InstanceSettings(
            _flock, secrets, config.AuthUrl, config.RegionName, new Uri($"http://{front}/"), servicesAddress, await Task.WhenAll(apis))
        {
            KeyPair = KeyPair,
        };
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

    private async Task<string> AddressAsync(GroupSpec group, string node, CancellationToken cancellationToken) =>
        PortAddress.Of(await EnsurePortAsync(group, node, cancellationToken));

    private async Task RemoveStaleMembersAsync(CancellationToken cancellationToken)
    {
        if (_balancer is null)
        {
            return;
        }
        var ports = await _cloud.Networking
            .ListPortsAsync(networkId: _networks[FlockSpec.Api], projectId: _names.Project, cancellationToken: cancellationToken)
            .Where(_names.Owns).ToListAsync(cancellationToken);
        await _balancer.RemoveAllExceptAsync(ports.Select(PortAddress.Of), cancellationToken);
    }
}
