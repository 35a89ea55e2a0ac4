using System.Diagnostics;
using System.Globalization;
using Faafo.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>The whole flock on an OpenStack cloud: <c>plan</c>, <c>up</c>, <c>run</c> and <c>down</c>.</summary>
/// <param name="options">What the command line says.</param>
/// <param name="flocks">The flock as it is wanted.</param>
/// <param name="journal">Tells people what happens.</param>
/// <param name="logs">Makes the loop's log.</param>
/// <param name="time">The clock.</param>
/// <param name="connect">Opens the cloud of a name.</param>
internal sealed class OpenStackDeployment(
    ScalerOptions options, FlockSpecMonitor flocks, RunLog journal, ILoggerFactory logs, TimeProvider time, Func<string, OpenStackClient> connect)
    : IDeployment
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(3);
    private const int CreateTries = 3;

    private readonly FlockSpec _flock = flocks.Current;
    private ResourceNames _names = new(flocks.Current.Name);

    /// <summary>Says what <c>up</c> would do, and what it would take of the quota.</summary>
    public async Task<int> PlanAsync(CancellationToken cancellationToken)
    {
        await using var cloud = await ConnectAsync(cancellationToken);
        var plan = FlockPlan.Make(_flock, _names, await ManagedResources.ReadAsync(cloud, _names, cancellationToken),
            await ExternalResources.FindAsync(cloud, flocks.Current, flocks.PlaceOf, cancellationToken));
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

    /// <summary>Creates what is missing, waits until it has joined, and scales it until it is told to stop; then everything stays.</summary>
    public async Task<int> UpAsync(UpOptions how, CancellationToken stop)
    {
        await using var cloud = await ConnectAsync(stop);
        var around = await ExternalResources.FindAsync(cloud, flocks.Current, flocks.PlaceOf, stop);
        FlockPlan.Make(_flock, _names, await ManagedResources.ReadAsync(cloud, _names, stop), around).CheckQuota();
        return await WithLeaseAsync(cloud, async (lease, held) =>
        {
            await EnsureBundleAsync(cloud, how.BundleFile, held);
            var foundation = new SharedInfrastructure(cloud, _flock, _names, around, journal.Write);
            await foundation.EnsureAsync(held);
            var instances = new OpenStackInstances(cloud, _flock, _names, foundation, around);
            await CreateMissingAsync(cloud, instances, around, held);
            var retirement = new Pruner(cloud, _flock, _names, journal.Write);
            await retirement.RemoveAbandonedAsync(held);
            return await ScaleAsync(instances, Endpoints(foundation), how.Once, retirement, lease, held);
        }, stop);
    }

    /// <summary>Only the loop, over what is there.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        await using var cloud = await ConnectAsync(stop);
        var around = await ExternalResources.FindAsync(cloud, flocks.Current, flocks.PlaceOf, stop);
        if ((await ManagedResources.ServersAsync(cloud, _names, stop)).Count == 0)
        {
            throw new FailureException($"the flock '{_flock.Name}' is not in the cloud {_flock.Cloud}: 'faafo-scaler up' makes it");
        }
        return await WithLeaseAsync(cloud, async (lease, held) =>
        {
            var foundation = new SharedInfrastructure(cloud, _flock, _names, around, journal.Write);
            await foundation.EnsureAsync(held);
            var instances = new OpenStackInstances(cloud, _flock, _names, foundation, around);
            if (options.EndpointOverride is { } named)
            {
                await CheckEndpointAsync(named, instances, held);
            }
            return await ScaleAsync(instances, Endpoints(foundation), once: false, retirement: null, lease, held);
        }, stop);
    }

    /// <summary>Deletes everything that belongs to the flock, and says what it left.</summary>
    public async Task<int> DownAsync(bool images, CancellationToken stop)
    {
        await using var cloud = await ConnectAsync(stop);
        var teardown = new Teardown(cloud, _names, journal.Write);
        var there = await ManagedResources.ReadAsync(cloud, _names, stop);
        if (there.Count == 0)
        {
            journal.Write($"Nothing of the flock '{_flock.Name}' is in the cloud {_flock.Cloud}");
            return CommandLine.Done;
        }
        await WithLeaseAsync(cloud, async (lease, held) =>
        {
            await teardown.RunAsync(images, held);
            return teardown.Left.Count > 0 || await teardown.EmptyAsync(_names.Container, except: LeaderLease.Object, held);
        }, stop);
        if (teardown.Left.Count == 0)
        {
            // Not its content: whoever takes the lease from now on has a container that is not empty, which Swift does not delete.
            await teardown.DeleteEmptyContainerAsync(_names.Container, stop);
        }
        if (teardown.Left.Count > 0)
        {
            journal.Write($"{teardown.Left.Count} resources could not be deleted; fix the errors above and run 'down' again");
            return CommandLine.Failed;
        }
        journal.Write($"The flock '{_flock.Name}' is gone from the cloud {_flock.Cloud}");
        return CommandLine.Done;
    }

    /// <summary>Opens the running flock for a command: its servers and its API, found by the floating address.</summary>
    public async Task<FlockAccess> OpenAsync(CancellationToken cancellationToken)
    {
        var cloud = await ConnectAsync(cancellationToken);
        try
        {
            var endpoint = options.EndpointOverride
                ?? await SharedInfrastructure.FindEndpointAsync(cloud, _flock, _names, cancellationToken)
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

    private async Task CheckEndpointAsync(Uri named, OpenStackInstances instances, CancellationToken cancellationToken) => await EndpointCheck.RequireAsync(
        named, own: null, $"'{_flock.Name}' in the cloud {_flock.Cloud}", await instances.ListAsync(cancellationToken), cancellationToken);

    private async Task<OpenStackClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var cloud = connect(_flock.Cloud);
        try
        {
            _names = await ResourceNames.OfAsync(cloud, _flock.Name, cancellationToken);
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    // What changes the cloud gets the token of the lease: it ends when the lease is lost, and the lease ends after its last call.
    private async Task<T> WithLeaseAsync<T>(OpenStackClient cloud, Func<LeaderLease, CancellationToken, Task<T>> act, CancellationToken stop)
    {
        await using var lease = await LeaderLease.TakeAsync(cloud, _names, journal.Write, time, stop);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
        try
        {
            return await act(lease, held.Token);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
        {
            throw lease.Loss();
        }
    }

    private IReadOnlyList<Uri> Endpoints(SharedInfrastructure foundation) => options.EndpointOverride is { } named ? [named]
        : foundation.PublicEndpoints.Count > 0 ? foundation.PublicEndpoints : [foundation.Settings.Endpoint];

    private async Task EnsureBundleAsync(OpenStackClient cloud, string? file, CancellationToken cancellationToken)
    {
        if (_flock.Bundle is not null || (file is null && await Bundle.FindAsync(cloud, _names, cancellationToken) is not null))
        {
            return;
        }
        if (file is null)
        {
            file = Path.Combine(options.StateDir, Bundle.DefaultFile);
            await Bundle.BuildAsync(file, journal.Write, cancellationToken);
        }
        var stored = await Bundle.StoreAsync(cloud, _names, file, cancellationToken);
        journal.Write($"+ bundle {stored.Object} in container {_names.Container}");
    }

    // All at once: their addresses are known from their ports. What fails is the loop's to mend, except for the services: it never touches those.
    private async Task CreateMissingAsync(OpenStackClient cloud, OpenStackInstances instances, ExternalResources around, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var there = await ManagedResources.ReadAsync(cloud, _names, cancellationToken);
            foreach (var failed in there.Servers.Where(server => server.Status == "ERROR" && OpenStackInstances.GroupOf(server) != FlockSpec.Services))
            {
                journal.Write($"- server {failed.Name}: it is in ERROR ({failed.Fault?.Message ?? "without a reason"})");
                await cloud.Compute.DeleteServerAsync(failed.Id, cancellationToken);
                await failed.WaitUntilDeletedAsync(DrainTimeout, cancellationToken);
            }
            // What leaves still holds the port that its successor is to have.
            await Task.WhenAll(there.Leaving.Select(server => server.WaitUntilDeletedAsync(DrainTimeout, cancellationToken)));
            var plan = FlockPlan.Make(_flock, _names, there, around);
            try
            {
                await Parallel.ForEachAsync(plan.Missing, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (node, stop) =>
                {
                    await instances.CreateAsync(_flock.AllGroups.First(group => node == ResourceNames.Node(group.Name, ResourceNames.NumberOf(node))), node, stop);
                    journal.Write($"+ server {node}");
                });
                return;
            }
            catch (Exception e) when (tries < CreateTries && (e is FailureException or ProviderException))
            {
                journal.Write($"{e.Message}; trying again");
            }
        }
    }

    private async Task<int> ScaleAsync(
        OpenStackInstances instances, IReadOnlyList<Uri> endpoints, bool once, Pruner? retirement, LeaderLease lease, CancellationToken stop)
    {
        flocks.Validate = (changed, cancellationToken) => instances.FollowAsync(changed, flocks.PlaceOf, cancellationToken);
        var done = CommandLine.Done;
        var api = FailoverHandler.Connect(endpoints);
        journal.Write($"The API is to answer at {string.Join(" and ", endpoints)}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var loop = new ControlLoop(flocks, instances, api, time, logs.CreateLogger<ControlLoop>());
        var scaling = loop.RunAsync(end.Token);
        try
        {
            await WatchJoiningAsync(instances, loop, scaling, end.Token);
            journal.Write($"Everything has joined; the gallery is at {endpoints[0]}");
            if (retirement is not null)
            {
                done = await RetireAsync(retirement, instances, api, end.Token);
            }
            if (!once)
            {
                await scaling;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            // Whatever ends this: the lease may be given back only after the loop's last call.
            await end.CancelAsync();
            await scaling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await scaling;
        if (lease.Lost.IsCancellationRequested)
        {
            throw lease.Loss();
        }
        if (!once)
        {
            journal.Write("The loop ends; the instances stay: 'run' goes on with them, 'down' removes them");
        }
        return once ? done : CommandLine.Done;
    }

    private async Task<int> RetireAsync(Pruner retirement, OpenStackInstances instances, IFaafoApi api, Uri endpoint, CancellationToken stop)
    {
        try
        {
            var access = new FlockAccess(instances, api, _flock.Workers.Policy.BootTimeout * 1.5);
            await retirement.RemoveUnwantedAsync(instances, new RollingReplacement(access, time, journal.Write), api, stop);
            return CommandLine.Done;
        }
        catch (Exception e) when (e is FailureException or ProviderException or FaafoApiException or OpenStackException)
        {
            journal.Write($"{e.Message}; what is no longer wanted stays until the next 'up'");
            return CommandLine.Failed;
        }
    }

    // A node counts from its first heartbeat on. The loop replaces those that do not come; this only says who has come, and when to give up.
    private async Task WatchJoiningAsync(OpenStackInstances cloud, ControlLoop loop, Task scaling, CancellationToken stop)
    {
        var patience = _flock.AllGroups.Max(group => group.Policy.BootTimeout) * 3;
        var started = Stopwatch.GetTimestamp();
        var joined = new HashSet<string>();
        while (true)
        {
            if (scaling.IsCompleted)
            {
                await scaling;
                stop.ThrowIfCancellationRequested();
            }
            var (instances, nodes) = (loop.Latest.Instances, loop.Latest.Nodes ?? []);
            var ready = instances.Where(instance => nodes.Any(node => node.Name == instance.Name && node.State == NodeState.Ready && node.LastSeen > instance.CreatedAt)).ToArray();
            foreach (var instance in ready.Where(instance => joined.Add(instance.Id)))
            {
                journal.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{instance.Name} has joined ({(time.GetUtcNow() - instance.CreatedAt).TotalSeconds:0} s after it was asked for)"));
            }
            if (instances.FirstOrDefault(instance => instance.Group == FlockSpec.Services && !instance.IsRunning) is { } failed)
            {
                throw new FailureException($"{failed.Name} does not run ({await cloud.GetConsoleTailAsync(failed, stop) ?? "without a reason"}), and what is on it is not "
                    + "replaced by itself: start it again, or delete it if it never ran, and 'up' goes on from here");
            }
            if (_flock.AllGroups.All(group => ready.Count(instance => instance.Group == group.Name) >= group.Policy.Min))
            {
                return;
            }
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                var late = _flock.AllGroups.Where(group => ready.Count(instance => instance.Group == group.Name) < group.Policy.Min).Select(group => group.Name);
                throw new FailureException($"not everything has joined within {patience.TotalMinutes:0} minutes; what is lacking: {string.Join(", ", late)}. "
                    + "docs/runbook.rst says what to look at; 'up' again goes on from here");
            }
            await Task.Delay(PollInterval, time, stop);
        }
    }
}
