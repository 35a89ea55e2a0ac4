using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>Compares the flock's own networks and their router with those in the cloud.</summary>
internal static class NetworkPlan
{
    /// <summary>The changes; none for a flock in an existing network.</summary>
    /// <exception cref="FailureException">The range of a network differs from flock.yaml.</exception>
    public static IEnumerable<Change> Compare(FlockSpec flock, ResourceNames names, ManagedResources managed, ExternalResources external)
    {
        if (flock.OwnNetworks is not { } own)
        {
            yield break;
        }
        if (managed.Routers.Count == 0)
        {
            yield return new('+', $"router {names.Own} to {external.External?.Name}");
        }
        else if (managed.Routers[0].ExternalGatewayInfo is null)
        {
            yield return new('~', $"router {names.Own}: gets its gateway to {external.External?.Name}");
        }
        foreach (var change in own.Ranges.Select(range => Compare(range.Name, range.Cidr, names, managed)).OfType<Change>())
        {
            yield return change;
        }
    }

    private static Change? Compare(string name, string cidr, ResourceNames names, ManagedResources managed)
    {
        if (managed.Networks.FirstOrDefault(one => one.Name == names.Of(name)) is not { } network)
        {
            return new('+', $"network {names.Of(name)} ({cidr})");
        }
        var subnets = managed.Subnets.Where(subnet => subnet.NetworkId == network.Id).ToArray();
        if (subnets.FirstOrDefault(subnet => subnet.Cidr != cidr) is { } other)
        {
            throw new FailureException($"networks.{name} is {cidr} in flock.yaml and {other.Cidr} in the cloud: "
                + "the range of an existing network cannot change; run 'down' and 'up' to create it again");
        }
        if (subnets.Length == 0)
        {
            return new('+', $"subnet of network {network.Name} ({cidr})");
        }
        var isDetached = managed.Routers.Count > 0 && managed.Parts?.AttachedSubnets.Contains(subnets[0].Id) == false;
        return isDetached ? new('~', $"network {network.Name}: attached to router {names.Own}") : null;
    }
}
