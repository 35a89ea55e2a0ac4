using System.Globalization;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Waits until all groups have their minimum of nodes. The loop replaces instances that do not join; this reports those that have, and
/// gives up after a time.
/// </summary>
internal sealed class JoinWaiter(
    FlockSpec flock, IInstanceProvider provider, ControlLoop loop, Action<string> progress, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> _joined = [];

    /// <summary>Waits until everything has joined.</summary>
    /// <param name="scaling">The running loop; its end ends the waiting.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="FailureException">The services do not run, or not everything has joined in time.</exception>
    public async Task WaitAsync(Task scaling, CancellationToken stop)
    {
        var timeout = flock.AllGroups.Max(group => group.Policy.BootTimeout) * 3;
        var started = time.GetTimestamp();
        while (true)
        {
            if (scaling.IsCompleted)
            {
                await scaling;
                stop.ThrowIfCancellationRequested();
            }
            var latest = loop.Latest;
            var ready = latest.Instances.Where(instance => HasJoined(instance, latest.Nodes ?? [])).ToArray();
            Report(ready);
            await RequireServicesAsync(latest.Instances, stop);
            var late = LateGroups(ready);
            if (late.Length == 0)
            {
                return;
            }
            if (time.GetElapsedTime(started) > timeout)
            {
                throw new FailureException($"{string.Join(" and ", late)} did not join within {timeout.TotalMinutes:0} minutes: "
                    + "see 'When a node fails to join' in docs/runbook.rst; 'up' continues from here");
            }
            await Task.Delay(PollInterval, time, stop);
        }
    }

    // A node joins with its first heartbeat after the instance was created: the heartbeat of a predecessor has the same name.
    private static bool HasJoined(Instance instance, IReadOnlyList<Node> nodes) => nodes.Any(node =>
        node.Name == instance.Name && node.State == NodeState.Ready && node.LastSeen > instance.CreatedAt);

    private void Report(IEnumerable<Instance> ready)
    {
        foreach (var instance in ready.Where(instance => _joined.Add(instance.Id)))
        {
            var age = (time.GetUtcNow() - instance.CreatedAt).TotalSeconds;
            progress(string.Create(CultureInfo.InvariantCulture, $"{instance.Name} has joined ({age:0} s after its creation)"));
        }
    }

    private async Task RequireServicesAsync(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        var failed = instances.FirstOrDefault(instance => instance.Group == FlockSpec.Services && !instance.IsRunning);
        if (failed is not null)
        {
            var reason = await provider.GetConsoleTailAsync(failed, cancellationToken) ?? "no reason given";
            throw new FailureException($"{failed.Name} does not run ({reason}) and holds the data, so it is not replaced: "
                + "start it again, or delete it if it never ran, and run 'up' again");
        }
    }

    private string[] LateGroups(IReadOnlyList<Instance> ready) =>
    [
        .. flock.AllGroups.Where(group => ready.Count(instance => instance.Group == group.Name) < group.Policy.Min)
            .Select(group => group.Name),
    ];
}
