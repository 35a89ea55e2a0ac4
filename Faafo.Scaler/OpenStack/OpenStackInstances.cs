using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Servers of an OpenStack cloud as instances. Which flock and group a server belongs to is in its tags, which it has from the request
/// that makes it on: a scaler that was killed at any moment leaves nothing that the next does not find.
/// </summary>
/// <param name="cloud">The cloud.</param>
/// <param name="flock">The flock as it is wanted.</param>
/// <param name="names">How its things are called.</param>
/// <param name="foundation">What servers need; null for a cloud that is only looked at, or taken down.</param>
/// <param name="surroundings">Images and flavors; null as above.</param>
internal sealed class OpenStackInstances(OpenStackClient cloud, FlockSpec flock, ResourceNames names, SharedInfrastructure? foundation = null, ExternalResources? surroundings = null) : IInstanceProvider
{
    /// <summary>How long the programs' address is good; an instance needs it once, at its first boot.</summary>
    private static readonly TimeSpan BundleLife = TimeSpan.FromHours(6);
    private static readonly TimeSpan DeleteTimeout = TimeSpan.FromMinutes(3);
    private const int TailLines = 20;

    // What can become a working instance again, or is one. ERROR, SHUTOFF and the like cannot by themselves.
    private static readonly HashSet<string> Alive =
        ["ACTIVE", "BUILD", "REBOOT", "HARD_REBOOT", "REBUILD", "PASSWORD", "MIGRATING", "RESIZE", "VERIFY_RESIZE", "REVERT_RESIZE", "UNKNOWN"];

    public async Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken) => await GuardedAsync("list the servers", async () =>
    {
        var servers = await ManagedResources.ServersAsync(cloud, names, cancellationToken);
        // What is there twice by mistake is as good as dead: the loop removes it, by its id.
        return (IReadOnlyList<Instance>)[.. servers.Select(server => Seen(server) is var seen && IsDouble(server, servers) ? seen with { IsRunning = false } : seen)
            .OrderBy(one => one.Name, StringComparer.Ordinal)];
    });

    /// <summary>Whether a server works, or can come to by itself.</summary>
    public static bool IsAlive(Server server) => Alive.Contains(server.Status);

    /// <summary>Whether an older server of the flock has this one's name.</summary>
    public static bool IsDouble(Server server, IEnumerable<Server> all) => all.Any(other => other.Name == server.Name && other.Status != "ERROR"
        && (other.Created, other.Id).CompareTo((server.Created, server.Id)) < 0);

    /// <summary>Goes over to another flock in the same place: instances that come from now on are made as it says.</summary>
    /// <param name="placeOf">Where a field of it stands, for what is wrong with it.</param>
    public async Task FollowAsync(FlockSpec changed, Func<string, string> placeOf, CancellationToken cancellationToken)
    {
        var found = await ExternalResources.FindAsync(cloud, changed, placeOf, cancellationToken);
        (flock, surroundings) = (changed, found);
        foundation!.Follow(changed, found);
    }

    public Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken) => GuardedAsync($"create {name}", async () =>
    {
        var (network, groups) = foundation!.Of(group);
        var port = FlockSpec.HasStableIdentity(group.Name) ? await foundation.PortAsync(group, name, cancellationToken) : null;
        var bundle = await BundleAsync(cancellationToken);
        var data = new InstanceSetup(foundation.Settings).Write(group, name, port is null ? null : SharedInfrastructure.AddressOf(port), bundle);
        var server = await cloud.Compute.CreateServerAsync(
            new NewServer(name, surroundings!.Images[group.Name].Id, surroundings.Flavors[group.Name].Id)
            {
                KeyName = foundation.KeyPair,
                Networks = port is null ? ServerNetworks.Of(network) : ServerNetworks.Ports(port.Id),
                SecurityGroups = port is null ? groups : [],
                AvailabilityZone = group.AvailabilityZones is { Count: > 0 } zones ? zones[ResourceNames.NumberOf(name) % zones.Count] : null,
                UserData = UserData.Script(data),
                Tags = ["faafo", names.Tag, ResourceNames.GroupTag(group.Name), InstanceTemplateHash.Tag(group, foundation.Settings, surroundings, bundle.Sha256)],
            }, cancellationToken);
        return Seen(server);
    });

    /// <summary>Servers are told to leave through the API (drain), not by the cloud.</summary>
    public Task StopAsync(Instance instance, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task DeleteAsync(Instance instance, CancellationToken cancellationToken) => await GuardedAsync($"delete {instance.Name}", async () =>
    {
        if (await TryGetAsync(instance.Id, cancellationToken) is { } server)
        {
            if (!names.Owns(server))
            {
                throw new FailureException($"cannot delete {instance.Name}: server {server.Id} does not carry the tag {names.Tag}, or is another project's");
            }
            await cloud.Compute.DeleteServerAsync(server.Id, cancellationToken);
            await server.WaitUntilDeletedAsync(DeleteTimeout, cancellationToken);
        }
        // One of those that are always wanted will come again, and shall be found where it was.
        if (foundation is not null && FlockSpec.HasStableIdentity(instance.Group) && flock.AllGroups.FirstOrDefault(one => one.Name == instance.Group) is { } group
            && ResourceNames.NumberOf(instance.Name) > group.Policy.Min)
        {
            await foundation.ReleaseAsync(group, instance.Name, cancellationToken);
        }
        return true;
    });

    public async Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken)
    {
        try
        {
            return (await cloud.Compute.GetServerAsync(instance.Id, cancellationToken)).Fault?.Message
                ?? ((await cloud.Compute.GetConsoleOutputAsync(instance.Id, TailLines, cancellationToken)).Trim() is { Length: > 0 } text ? text : null);
        }
        catch (OpenStackException)
        {
            return null;
        }
    }

    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken) => GuardedAsync("compare the servers", async () =>
    {
        var there = ManagedResources.ReadAsync(cloud, names, cancellationToken);
        var around = ExternalResources.FindAsync(cloud, flock, _ => "", cancellationToken);
        return (IReadOnlySet<string>)InstanceTemplateHash.Outdated(flock, names, await there, await around)
            .Where(server => GroupOf(server) == group).Select(server => server.Id).ToHashSet();
    });

    /// <summary>The group that a server's tags name.</summary>
    public static string GroupOf(Server server) =>
        server.Tags.FirstOrDefault(tag => tag.StartsWith("group=", StringComparison.Ordinal))?["group=".Length..] ?? "";

    // The address of the programs is made anew for every instance, since it ends.
    private async Task<BundleSource> BundleAsync(CancellationToken cancellationToken)
    {
        if (flock.Bundle is { } elsewhere)
        {
            return elsewhere;
        }
        var stored = await Bundle.FindAsync(cloud, names, cancellationToken)
            ?? throw new FailureException($"the container {names.Container} holds no bundle: 'faafo-scaler up' stores one");
        return new BundleSource(
            await cloud.ObjectStorage.CreateTempUrlAsync(HttpMethod.Get, names.Container, stored.Object, BundleLife,
                foundation!.Settings.Secrets.TempUrlKey, cancellationToken), stored.Sha256);
    }

    private async Task<Server?> TryGetAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await cloud.Compute.GetServerAsync(id, cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static Instance Seen(Server server) =>
        new(server.Id, server.Name, GroupOf(server), server.Created ?? DateTimeOffset.MinValue, IsAlive(server));

    // The loop knows one kind of refusal: what the cloud says goes into its log, and it comes again later.
    internal static async Task<T> GuardedAsync<T>(string what, Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (OpenStackException e)
        {
            throw new FailureException($"cannot {what}: {e.Message}", e);
        }
    }
}
