using System.Globalization;
using Faafo.Nodes;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Waits until all groups have their minimum of nodes. The loop replaces instances that do not join; this reports those that have, and
/// after a time those that have not. It stops nothing: one worker that never joins must not end the scaling of all that work.
/// </summary>
internal sealed class JoinWaiter(
    FlockSpec flock, IInstanceProvider provider, ControlLoop loop, Action<string> progress, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> _joined = [];
    private string? _reported;

    /// <summary>Waits until everything has joined.</summary>
    /// <param name="scaling">The running loop; its end ends the waiting.</param>
    /// <param name="givesUp">Whether to end when the services do not run or the time is over, instead of reporting it once.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>Whether everything has joined.</returns>
    public async Task<bool> WaitAsync(Task scaling, bool givesUp, CancellationToken stop)
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
            var late = LateGroups(ready);
            if (late.Length == 0)
            {
                return true;
            }
            var problem = await FindStoppedServicesAsync(latest.Instances, stop);
            if (problem is null && time.GetElapsedTime(started) > timeout)
            {
                problem = $"{string.Join(" and ", late)} did not join within {timeout.TotalMinutes:0} minutes: "
                    + "see 'When a node fails to join' in docs/runbook.rst";
            }
            if (problem is not null && problem != _reported)
            {
                progress(problem);
            }
            _reported = problem ?? _reported;
            if (problem is not null && givesUp)
            {
                return false;
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

    // The reason is fetched once: what is reported already is not looked up in each poll.
    private async Task<string?> FindStoppedServicesAsync(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        var failed = instances.FirstOrDefault(instance => instance.Group == FlockSpec.Services && !instance.IsRunning);
        if (failed is null)
        {
            return null;
        }
        var what = $"{failed.Name} does not run (";
        if (_reported?.StartsWith(what, StringComparison.Ordinal) is true)
        {
            return _reported;
        }
        var reason = failed.Held ?? await provider.GetConsoleTailAsync(failed, cancellationToken) ?? "no reason given";
        return $"{what}{reason}) and holds the data, so it is not replaced: "
            + "start it again, or delete it if it never ran and run 'up' again";
    }

    private string[] LateGroups(IReadOnlyList<Instance> ready) =>
    [
        .. flock.AllGroups.Where(group => ready.Count(instance => instance.Group == group.Name) < group.Policy.Min)
            .Select(group => group.Name),
    ];
}
