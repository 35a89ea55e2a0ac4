using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// The servers of a flock as instances. Flock and group are in the tags of a server, which are part of the request that creates it: a
/// scaler that is killed at any moment leaves nothing that the next one does not find.
/// </summary>
internal sealed class OpenStackInstances : IInstanceProvider
{
    /// <summary>How long the URL of the programs is valid; an instance downloads them once, at its first boot.</summary>
    private static readonly TimeSpan BundleUrlLifetime = TimeSpan.FromHours(6);
    private static readonly TimeSpan DeletionWait = TimeSpan.FromSeconds(10);
    private const int TailLines = 20;

    private readonly OpenStackClient _cloud;
    private readonly ResourceNames _names;
    private readonly SharedInfrastructure? _infrastructure;
    private FlockSpec _flock;
    private ExternalResources? _external;

    /// <summary>Opens the servers of a flock.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="flock">The flock.</param>
    /// <param name="names">The names of its resources.</param>
    /// <param name="infrastructure">What servers need; null if none are created.</param>
    /// <param name="external">Images and flavors; null if none are created.</param>
    public OpenStackInstances(OpenStackClient cloud, FlockSpec flock, ResourceNames names,
        SharedInfrastructure? infrastructure = null, ExternalResources? external = null)
    {
        _cloud = cloud;
        _flock = flock;
        _names = names;
        _infrastructure = infrastructure;
        _external = external;
    }

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync<IReadOnlyList<Instance>>("list the servers", async () =>
        {
            var servers = await ManagedResources.ServersAsync(_cloud, _names, cancellationToken);
            // A duplicate counts as ended: the loop deletes it by its id.
            var instances = servers.Select(server =>
                ToInstance(server, FlockServers.MayWork(server) && !FlockServers.IsDuplicate(server, servers)));
            return [.. instances.OrderBy(instance => instance.Name, StringComparer.Ordinal)];
        });

    /// <summary>Uses a changed flock from now on: later instances are created from it.</summary>
    /// <param name="changed">The changed flock.</param>
    /// <param name="placeOf">The place of a field in flock.yaml, for error messages.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public async Task FollowAsync(FlockSpec changed, Func<string, string> placeOf, CancellationToken cancellationToken)
    {
        UserDataCheck.Check(changed);
        var found = await ExternalResources.FindAsync(_cloud, changed, placeOf, cancellationToken);
        _flock = changed;
        _external = found;
        _infrastructure!.Follow(changed, found);
    }

    public Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync($"create {name}", async () =>
        {
            var (network, securityGroups) = _infrastructure!.PlacementOf(group);
            var port = FlockSpec.HasStableIdentity(group.Name)
                ? await _infrastructure.EnsurePortAsync(group, name, cancellationToken) : null;
            var bundle = await BundleAsync(cancellationToken);
            var settings = _infrastructure.Settings;
            var userData = new InstanceSetup(settings).Write(group, name, port is null ? null : PortAddress.Of(port), bundle);
            var template = InstanceTemplateHash.Tag(group, settings, _external!, bundle.Sha256);
            var zones = group.AvailabilityZones;
            var wanted = new NewServer(name, _external!.Images[group.Name].Id, _external.Flavors[group.Name].Id)
            {
                KeyName = _infrastructure.KeyPair,
                Networks = port is null ? ServerNetworks.Of(network) : ServerNetworks.Ports(port.Id),
                SecurityGroups = port is null ? securityGroups : [],
                AvailabilityZone = zones.Count > 0 ? zones[InstanceName.OrdinalOf(name) % zones.Count] : null,
                UserData = UserData.Script(userData),
                Tags = ["faafo", .. _names.Tags, FlockServers.GroupTag(group.Name), template],
            };
            try
            {
                var server = await _cloud.Compute.CreateServerAsync(wanted, cancellationToken);
                return ToInstance(server, FlockServers.MayWork(server));
            }
            catch (OpenStackApiException)
            {
                // The port may be gone: Nova reports that with 400 (nova/api/openstack/compute/servers.py, PortNotFound).
                _infrastructure.ForgetPort(name);
                throw;
            }
        });

    public Task DeleteAsync(Instance instance, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync($"delete {instance.Name}", async () =>
        {
            if (await TryGetAsync(instance.Id, cancellationToken) is { } server)
            {
                await DeleteAsync(instance, server, cancellationToken);
            }
            // An instance up to min is replaced and keeps its address.
            var group = _flock.AllGroups.FirstOrDefault(one => one.Name == instance.Group);
            if (_infrastructure is not null && group is not null && FlockSpec.HasStableIdentity(instance.Group)
                && InstanceName.OrdinalOf(instance.Name) > group.Policy.Min)
            {
                await _infrastructure.ReleasePortAsync(group, instance.Name, cancellationToken);
            }
            return true;
        });

    public Task RepairAsync(CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync("delete the ports of deleted instances", async () =>
        {
            await (_infrastructure?.ReleaseRestAsync(cancellationToken) ?? Task.CompletedTask);
            return true;
        });

    public async Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken)
    {
        try
        {
            var server = await _cloud.Compute.GetServerAsync(instance.Id, cancellationToken);
            if (server.Fault?.Message is { } fault)
            {
                return fault;
            }
            var tail = (await _cloud.Compute.GetConsoleOutputAsync(instance.Id, TailLines, cancellationToken)).Trim();
            return tail.Length > 0 ? tail : null;
        }
        catch (OpenStackException)
        {
            return null;
        }
    }

    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync<IReadOnlySet<string>>("compare the servers", async () =>
        {
            var reading = ManagedResources.ReadAsync(_cloud, _names, cancellationToken);
            var finding = ExternalResources.FindAsync(_cloud, _flock, _ => "", cancellationToken);
            var drifted = InstanceTemplateHash.FindDrifted(_flock, _names, await reading, await finding);
            return drifted.Where(server => FlockServers.GroupOf(server) == group).Select(server => server.Id).ToHashSet();
        });

    private async Task DeleteAsync(Instance instance, Server server, CancellationToken cancellationToken)
    {
        if (!_names.Owns(server))
        {
            throw new ProviderException(ProviderErrorKind.Forbidden,
                $"cannot delete {instance.Name}: server {server.Id} does not carry the tags {string.Join(" and ", _names.Tags)}, "
                + "or is another project's");
        }
        if (FlockServers.HeldStatus(server) is { } held)
        {
            throw new ProviderException(
                ProviderErrorKind.Conflict, $"cannot delete {instance.Name}: an operator holds it, it is {held} now");
        }
        var removal = new FlockRemoval(_cloud, _names) { Timeout = DeletionWait };
        try
        {
            await removal.RemoveAsync(CloudResource.From(server), cancellationToken);
        }
        catch (WaitTimeoutException)
        {
            // Nova goes on by itself, and lists leave out what is being deleted. One slow server must not stop the control loop.
        }
    }

    // Every instance gets a URL of its own, because URLs expire.
    private async Task<BundleSource> BundleAsync(CancellationToken cancellationToken)
    {
        if (_flock.Bundle is { } external)
        {
            return external;
        }
        var stored = await StoredBundle.FindAsync(_cloud, _names, cancellationToken)
            ?? throw new ProviderException(ProviderErrorKind.NotFound,
                $"the container {_names.Container} holds no bundle: run 'faafo-scaler up' to store one");
        var url = await _cloud.ObjectStorage.CreateTempUrlAsync(HttpMethod.Get, _names.Container, stored.Object, BundleUrlLifetime,
            _infrastructure!.Settings.Secrets.TempUrlKey, cancellationToken);
        return new BundleSource(url, stored.Sha256);
    }

    private async Task<Server?> TryGetAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await _cloud.Compute.GetServerAsync(id, cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static Instance ToInstance(Server server, bool isRunning) =>
        new(server.Id, server.Name, FlockServers.GroupOf(server), server.Created ?? DateTimeOffset.MinValue, isRunning,
            FlockServers.HeldStatus(server));
}
