using Faafo.Scaler.Control;
using Faafo.OpenStack.Compute;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>
/// A hash of what an instance is made from: image, flavor, key pair, security groups, programs and user data. Its server carries the
/// hash as a tag. A server with another tag than flock.yaml gives now has drifted, and a roll replaces it.
/// </summary>
internal static class InstanceTemplateHash
{
    private static readonly Uri Placeholder = new("http://nowhere/");

    /// <summary>The tag of an instance that is created now.</summary>
    /// <param name="group">The group of the instance.</param>
    /// <param name="settings">The settings of all instances.</param>
    /// <param name="external">The images, flavors and security groups of the cloud.</param>
    /// <param name="bundle">The checksum of the programs; null if none are stored yet.</param>
    public static string Tag(GroupSpec group, InstanceSettings settings, ExternalResources external, string? bundle)
    {
        string?[] template =
        [
            external.Images[group.Name].Id,
            external.Flavors[group.Name].Id,
            settings.KeyPair,
            .. group.SecurityGroups.Select(name => external.SecurityGroups[name]),
            TemplateUserData(group, settings, bundle),
        ];
        return "spec=" + ShortHash.Of(string.Join('\n', template));
    }

    /// <summary>
    /// Finds the servers that flock.yaml describes differently now, in the order of their names; never those that hold data.
    /// </summary>
    public static IReadOnlyList<Server> FindDrifted(
        FlockSpec flock, ResourceNames names, ManagedResources managed, ExternalResources external)
    {
        var settings = Settings(flock, names, managed);
        var bundle = flock.Bundle?.Sha256 ?? managed.Bundle?.Sha256;
        // A cloud lists servers in any order.
        return [.. managed.Servers.Where(HasDrifted)
            .OrderBy(FlockServers.GroupOf, StringComparer.Ordinal).ThenBy(server => InstanceName.OrdinalOf(server.Name))];

        bool HasDrifted(Server server)
        {
            var group = flock.Groups.FirstOrDefault(group => group.Name == FlockServers.GroupOf(server));
            return group is not null && !server.Tags.Contains(Tag(group, settings, external, bundle));
        }
    }

    /// <summary>The settings of instances as far as they can be read from the cloud: without secrets.</summary>
    public static InstanceSettings Settings(FlockSpec flock, ResourceNames names, ManagedResources managed)
    {
        var front = flock.Balancing switch
        {
            Balancing.Octavia => managed.LoadBalancers is [var balancer, ..] ? balancer.VipAddress : null,
            Balancing.HAProxy => AddressOf(FlockSpec.LoadBalancer),
            _ => AddressOf(FlockSpec.Api),
        };
        var services = flock.HasServices ? AddressOf(FlockSpec.Services) : null;
        return new InstanceSettings(
            flock, WithoutSecrets(managed.Login ?? ""), Placeholder, null, new Uri($"http://{front ?? Placeholder.Host}/"), services, [])
        {
            KeyPair = names.KeyPairOf(flock),
        };

        string? AddressOf(string group)
        {
            var port = managed.Ports.FirstOrDefault(port => port.Name == names.Of(InstanceName.Of(group, 1)));
            return port is { FixedIPs.Count: > 0 } ? PortAddress.Of(port) : null;
        }
    }

    // The user data that all instances of a group have in common: without the values of one instance, without secrets, and without what
    // the clouds.yaml of another machine may write differently.
    private static string TemplateUserData(GroupSpec group, InstanceSettings settings, string? bundle)
    {
        var shared = settings with
        {
            Secrets = WithoutSecrets(settings.Secrets.Login.Id),
            AuthUrl = Placeholder,
            Region = null,
            ApiAddresses = [],
        };
        return new InstanceSetup(shared).Write(group, node: "", address: null, new BundleSource(Placeholder, bundle ?? ""));
    }

    private static FlockSecrets WithoutSecrets(string login) => new("", "", "", new ApplicationLogin(login, ""));
}
