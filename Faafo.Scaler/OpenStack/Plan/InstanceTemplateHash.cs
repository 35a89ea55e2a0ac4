using System.Security.Cryptography;
using System.Text;
using Faafo.OpenStack.Compute;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>
/// What an instance is made of: a short hash of image, flavor, key pair, security groups, programs and user data, which its server
/// carries as a tag. One with another tag than flock.yaml asks for now is outdated, and a roll replaces it.
/// </summary>
internal static class InstanceTemplateHash
{
    private static readonly Uri Nowhere = new("http://nowhere/");

    /// <summary>The tag of an instance that is made now.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="settings">What it is told.</param>
    /// <param name="around">Where its image and flavor are found.</param>
    /// <param name="bundle">The checksum of its programs; null when there are none yet.</param>
    public static string Tag(GroupSpec group, InstanceSettings settings, ExternalResources around, string? bundle)
    {
        // Not what differs from one instance to the next, nor what clouds.yaml of another machine may spell otherwise, nor what is secret.
        var same = settings with { Secrets = Public(settings.Secrets.Login.Id), AuthUrl = Nowhere, Region = null, ApiAddresses = [] };
        string?[] made = [around.Images[group.Name].Id, around.Flavors[group.Name].Id, settings.KeyPair,
            .. group.SecurityGroups.Select(name => around.SecurityGroups[name]),
            new InstanceSetup(same).Write(group, "", null, new BundleSource(Nowhere, bundle ?? ""))];
        return "spec=" + Hash(string.Join('\n', made));
    }

    /// <summary>The short hash of what an instance is made of.</summary>
    public static string Hash(string made) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made)))[..12];

    /// <summary>The servers that flock.yaml asks for otherwise than they are, but for those that hold data. It only compares.</summary>
    public static IReadOnlyList<Server> Outdated(FlockSpec flock, ResourceNames names, ManagedResources there, ExternalResources around)
    {
        var settings = Settings(flock, names, there);
        return [.. there.Servers.Where(server => flock.Groups.FirstOrDefault(group => group.Name == OpenStackInstances.GroupOf(server)) is { } group
            && !server.Tags.Contains(Tag(group, settings, around, flock.Bundle?.Sha256 ?? there.Bundle?.Sha256)))
            // A cloud has no order for them.
            .OrderBy(OpenStackInstances.GroupOf, StringComparer.Ordinal).ThenBy(server => ResourceNames.NumberOf(server.Name))];
    }

    /// <summary>What instances are told, as far as it can be seen in the cloud: without secrets.</summary>
    public static InstanceSettings Settings(FlockSpec flock, ResourceNames names, ManagedResources there)
    {
        var front = flock.Balancing == Balancing.Octavia ? (there.LoadBalancers is [var balancer, ..] ? balancer.VipAddress : null)
            : Address(flock.Balancing == Balancing.HAProxy ? FlockSpec.LoadBalancer : FlockSpec.Api);
        return new InstanceSettings(flock, Public(there.Login ?? ""), Nowhere, null,
            new Uri($"http://{front ?? Nowhere.Host}/"), flock.HasServices ? Address(FlockSpec.Services) : null, [])
        {
            KeyPair = names.KeyPairOf(flock),
        };

        string? Address(string group) => there.Ports.FirstOrDefault(port => port.Name == names.Of(ResourceNames.Node(group, 1))) is { FixedIps.Count: > 0 } port
            ? SharedInfrastructure.AddressOf(port) : null;
    }

    private static FlockSecrets Public(string login) => new("", "", "", new ApplicationLogin(login, ""));
}
