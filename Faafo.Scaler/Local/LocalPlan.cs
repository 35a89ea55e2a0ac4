using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>What <c>up</c> and <c>roll</c> would change on this host.</summary>
internal static class LocalPlan
{
    /// <summary>Prints the changes and returns their number.</summary>
    public static async Task<int> PrintAsync(FlockSpec flock, IInstanceProvider provider, CancellationToken cancellationToken)
    {
        var instances = await provider.ListAsync(cancellationToken);
        var changes = 0;
        foreach (var group in flock.Groups)
        {
            var members = instances.Where(instance => instance.Group == group.Name).ToArray();
            var running = members.Where(instance => instance.IsRunning).ToArray();
            foreach (var exited in members.Except(running))
            {
                Console.WriteLine($"- {exited.Name}: exited, its record is removed");
                changes++;
            }
            foreach (var drifted in await FindDriftedAsync(group, running, provider, cancellationToken))
            {
                Console.WriteLine($"~ {drifted.Name}: changed (roll {group.Name})");
                changes++;
            }
            Console.WriteLine($"  {group.Name}: {running.Length} running, wanted {group.Policy.Min} to {group.Policy.Max}");
            for (var missing = running.Length; missing < group.Policy.Min; missing++)
            {
                Console.WriteLine($"+ {group.Name}: one more instance");
                changes++;
            }
        }
        return changes;
    }

    // HAProxy reloads its configuration in place.
    private static async Task<IEnumerable<Instance>> FindDriftedAsync(
        GroupSpec group, IEnumerable<Instance> running, IInstanceProvider provider, CancellationToken cancellationToken)
    {
        if (group.Name == FlockSpec.LoadBalancer)
        {
            return [];
        }
        var ids = await provider.FindDriftedAsync(group.Name, cancellationToken);
        return running.Where(instance => ids.Contains(instance.Id));
    }
}
