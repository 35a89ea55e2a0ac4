using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>A flock on an OpenStack cloud: <c>plan</c>, <c>up</c>, <c>run</c> and <c>down</c>.</summary>
/// <param name="options">The options of the command line.</param>
/// <param name="flocks">The flock.</param>
/// <param name="log">The log for people.</param>
/// <param name="logs">Creates the loop's log.</param>
/// <param name="time">The clock.</param>
/// <param name="connect">Connects to a cloud by its name.</param>
/// <param name="connectApi">Connects to the APIs at these addresses; null for HTTP.</param>
internal sealed class OpenStackDeployment(
    ScalerOptions options, FlockSpecMonitor flocks, RunLog log, ILoggerFactory logs, TimeProvider time,
    Func<string, OpenStackClient> connect, Func<IReadOnlyList<Uri>, IFaafoApi>? connectApi = null) : IDeployment
{
    private readonly FlockSpec _flock = flocks.Current;
    private ResourceNames _names = new(flocks.Current.Name);

    /// <summary>Shows what <c>up</c> would change, and its use of the quota.</summary>
    public async Task<int> PlanAsync(CancellationToken cancellationToken)
    {
        await using var cloud = await ConnectAsync(cancellationToken);
        var managed = await ManagedResources.ReadAsync(cloud, _names, cancellationToken);
        managed = managed with { Parts = await ResourceParts.ReadAsync(cloud, _names, managed, cancellationToken) };
        var plan = FlockPlan.Make(_flock, _names, managed, await FindExternalAsync(cloud, cancellationToken));
        foreach (var change in plan.Changes)
        {
            Console.WriteLine(change);
        }
        foreach (var line in plan.Quota)
        {
            Console.WriteLine($"  {line}{(line.IsExceeded ? "  <- too small" : "")}");
        }
        return plan.Changes.Count;
    }

    /// <summary>Creates what is missing, waits until it has joined, and scales it until the stop; the instances stay.</summary>
    public async Task<int> UpAsync(UpOptions up, CancellationToken stop)
    {
        await using var cloud = await ConnectAsync(stop);
        var external = await FindExternalAsync(cloud, stop);
        FlockPlan.Make(_flock, _names, await ManagedResources.ReadAsync(cloud, _names, stop), external).CheckQuota();
        return await LeasedAsync(cloud, standby: false, async (lease, leased) =>
        {
            await RegisterAsync(cloud, leased);
            if (_flock.Bundle is null)
            {
                await Bundle.EnsureAsync(cloud, _names, up.BundleFile, options.StateDir, log.Write, leased);
            }
            var infrastructure = await EnsureInfrastructureAsync(cloud, external, leased);
            var instances = new OpenStackInstances(cloud, _flock, _names, infrastructure, external);
            await new MissingServers(cloud, _flock, _names, external, log.Write).CreateAsync(instances, leased);
            var pruner = new Pruner(cloud, _flock, _names, log.Write);
            await RepairAsync(pruner, infrastructure, external, leased);
            return await Session(instances, infrastructure, lease).RunAsync(up.Once, pruner, leased);
        }, stop);
    }

    /// <summary>
    /// Scales an existing flock until the stop. While another scaler does, it stands by, and takes over when that one ends.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        await using var cloud = await ConnectAsync(stop);
        await RequireServersAsync(cloud, stop);
        return await LeasedAsync(cloud, standby: true, async (lease, leased) =>
        {
            await RegisterAsync(cloud, leased);
            // Found after the wait, which may have taken months.
            await RequireServersAsync(cloud, leased);
            var external = await FindExternalAsync(cloud, leased);
            var infrastructure = await EnsureInfrastructureAsync(cloud, external, leased);
            var instances = new OpenStackInstances(cloud, _flock, _names, infrastructure, external);
            if (options.EndpointOverride is { } endpoint)
            {
                await CheckEndpointAsync(endpoint, instances, leased);
            }
            await RepairAsync(new Pruner(cloud, _flock, _names, log.Write), infrastructure, external, leased);
            return await Session(instances, infrastructure, lease).RunAsync(once: false, pruner: null, leased);
        }, stop);
    }

    /// <summary>Deletes the resources of the flock, and reports those that could not be deleted.</summary>
    public async Task<int> DownAsync(bool images, CancellationToken stop)
    {
        await using var cloud = await ConnectAsync(stop);
        var managed = await ManagedResources.ReadAsync(cloud, _names, stop);
        if (managed.Count == 0)
        {
            log.Write($"Nothing of the flock '{_flock.Name}' is in the cloud {_flock.Cloud}");
            await ShowSameNamedAsync(cloud, stop);
            return CommandLine.Done;
        }
        var teardown = await LeasedAsync(cloud, standby: false, async (_, leased) =>
        {
            // Another scaler may have registered the flock before this one took the lease.
            _names = (await FlockIdentity.ReadAsync(cloud, _flock.Name, _flock.Id, leased)).Names;
            var teardown = new Teardown(cloud, _names, log.Write);
            await teardown.RunAsync(images, leased);
            if (teardown.Left.Count == 0)
            {
                await teardown.EmptyAsync(_names.Container, except: LeaderLease.Object, leased);
            }
            return teardown;
        }, stop);
        if (teardown.Left.Count == 0)
        {
            // Not its content: a scaler that takes the lease from now on stores an object, and Swift deletes only empty containers.
            cloud.Session.AroundChange = null;
            await teardown.DeleteEmptyContainerAsync(_names.Container, stop);
        }
        if (teardown.Left.Count > 0)
        {
            log.Write($"{teardown.Left.Count} resources could not be deleted; fix the errors above and run 'down' again");
            return CommandLine.Failed;
        }
        log.Write($"The flock '{_flock.Name}' is gone from the cloud {_flock.Cloud}");
        return CommandLine.Done;
    }

    /// <summary>Opens the running flock for a command: its servers and its API, found by the floating IP.</summary>
    public async Task<FlockAccess> OpenAsync(CancellationToken cancellationToken)
    {
        var cloud = await ConnectAsync(cancellationToken);
        try
        {
            var endpoint = options.EndpointOverride
                ?? await PublicEndpoints.FindReadyAsync(cloud, _flock, _names, cancellationToken)
                ?? throw new FailureException($"the flock '{_flock.Name}' has no floating IP in the cloud {_flock.Cloud}: "
                    + "name its API with --endpoint-url");
            var instances = new OpenStackInstances(cloud, _flock, _names);
            if (options.EndpointOverride is { } named)
            {
                await CheckEndpointAsync(named, instances, cancellationToken);
            }
            return new FlockAccess(instances, FlockAccess.Connect(endpoint), ChangeTimeout, cloud) { Spec = options.NamedFlock };
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    // A replaced instance needs its boot and, if that fails, the loop needs time to notice.
    private TimeSpan ChangeTimeout => _flock.AllGroups.Max(group => group.Policy.BootTimeout) * 1.5;

    private async Task CheckEndpointAsync(Uri named, OpenStackInstances instances, CancellationToken cancellationToken)
    {
        var existing = await instances.ListAsync(cancellationToken);
        await EndpointCheck.RequireAsync(
            named, own: null, $"'{_flock.Name}' in the cloud {_flock.Cloud}", existing, cancellationToken);
    }

    private async Task<OpenStackClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var cloud = connect(_flock.Cloud);
        try
        {
            _names = (await FlockIdentity.ReadAsync(cloud, _flock.Name, _flock.Id, cancellationToken)).Names;
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    private async Task<T> LeasedAsync<T>(
        OpenStackClient cloud, bool standby, Func<LeaderLease, CancellationToken, Task<T>> act, CancellationToken stop)
    {
        await SecretStore.EnsureContainerAsync(cloud, _names, _names.Container, log.Write, stop);
        var place = new LeasePlace(_names.Container, $"the flock '{_flock.Name}'");
        return await LeasedOperation.RunAsync(cloud, place, standby, log.Write, time, act, stop);
    }

    private async Task RequireServersAsync(OpenStackClient cloud, CancellationToken cancellationToken)
    {
        if ((await ManagedResources.ServersAsync(cloud, _names, cancellationToken)).Count == 0)
        {
            throw new FailureException(
                $"the flock '{_flock.Name}' does not exist in the cloud {_flock.Cloud}: run 'faafo-scaler up' to create it");
        }
    }

    private async Task RegisterAsync(OpenStackClient cloud, CancellationToken cancellationToken)
    {
        _names = await FlockRegistration.EnsureAsync(cloud, _names, _flock.Id, log.Write, cancellationToken);
        await ShowSameNamedAsync(cloud, cancellationToken);
    }

    private async Task ShowSameNamedAsync(OpenStackClient cloud, CancellationToken cancellationToken)
    {
        if (await SameNamed.DescribeAsync(cloud, _names, cancellationToken) is { } others)
        {
            log.Write(others);
        }
    }

    private Task<ExternalResources> FindExternalAsync(OpenStackClient cloud, CancellationToken cancellationToken) =>
        ExternalResources.FindAsync(cloud, _flock, flocks.PlaceOf, cancellationToken);

    private async Task<SharedInfrastructure> EnsureInfrastructureAsync(
        OpenStackClient cloud, ExternalResources external, CancellationToken cancellationToken)
    {
        UserDataCheck.Check(_flock);
        var infrastructure = new SharedInfrastructure(cloud, _flock, _names, external, log.Write);
        await infrastructure.EnsureAsync(cancellationToken);
        return infrastructure;
    }

    // Orphans first: the members of deleted ports go too.
    private static async Task RepairAsync(
        Pruner pruner, SharedInfrastructure infrastructure, ExternalResources external, CancellationToken cancellationToken)
    {
        await pruner.RemoveOrphanedAsync(external, infrastructure.Settings.Secrets.Login, cancellationToken);
        await infrastructure.AlignMembersAsync(cancellationToken);
    }

    private ScalingSession Session(OpenStackInstances instances, SharedInfrastructure infrastructure, LeaderLease lease)
    {
        var endpoints = infrastructure.Endpoints;
        if (options.EndpointOverride is { } named)
        {
            endpoints = [named];
        }
        else if (endpoints.Count == 0)
        {
            endpoints = [infrastructure.Settings.Endpoint];
        }
        var api = (connectApi ?? FailoverHandler.Connect)(endpoints);
        return new ScalingSession(flocks, instances, endpoints, lease, log, logs, time, api);
    }
}
