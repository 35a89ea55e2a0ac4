using Faafo.Nodes;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>
/// Nodes without an instance: it was deleted by someone else, or while the API was unreachable. Nodes of other names are not this flock's.
/// </summary>
internal static class OrphanNodes
{
    /// <summary>Finds the orphans among the API's nodes.</summary>
    public static IEnumerable<Node> Find(FlockSpec flock, IReadOnlyList<Instance> instances, IReadOnlyList<Node> nodes)
    {
        var running = instances.Select(instance => instance.Name).ToHashSet();
        return nodes.Where(node => node.State is NodeState.Stale or NodeState.Left && !running.Contains(node.Name)
            && flock.AllGroups.Any(group => node.Name == InstanceName.Of(group.Name, InstanceName.OrdinalOf(node.Name))));
    }
}
