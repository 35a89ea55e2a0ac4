using System.Collections.Immutable;
using Faafo.OpenStack;

namespace Faafo.Scaler.Policy;

/// <summary>What the policy remembers from one decision to the next. After a restart every instance gets its full timeouts again.</summary>
internal sealed record PolicyState
{
    private const double SpeedSmoothing = 0.3;

    private static readonly TimeSpan RateSpan = TimeSpan.FromMinutes(1);
    private static readonly Backoff RetryDelay = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    /// <summary>When it began to observe.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>The sizes that were wanted within the last window.</summary>
    public IReadOnlyList<(TimeSpan At, int Wanted)> History { get; init; } = [];

    /// <summary>
    /// Each instance's state and since when it was observed in it. Heartbeat times would not do: after an outage of the API, healthy
    /// instances look as if they had been silent for all of it.
    /// </summary>
    public ImmutableDictionary<string, (InstanceState State, TimeSpan Since)> Observed { get; init; } =
        ImmutableDictionary<string, (InstanceState, TimeSpan)>.Empty;

    /// <summary>
    /// Instances that the policy has drained, until they are observed ready again. Only these drains may be cancelled, not an operator's.
    /// </summary>
    public ImmutableHashSet<string> Drained { get; init; } = [];

    /// <summary>Instances whose heartbeats were observed: what they lack from then on is silence, not the end of their boot.</summary>
    public ImmutableHashSet<string> Joined { get; init; } = [];

    /// <summary>Instances to remove because they run above min while one of the fixed ordinals is free.</summary>
    public ImmutableHashSet<string> Displaced { get; init; } = [];

    /// <summary>The refused deletions, by the ids of the instances.</summary>
    public ImmutableDictionary<string, Refusal> Refusals { get; init; } = ImmutableDictionary<string, Refusal>.Empty;

    /// <summary>Work per second of one busy worker, smoothed; null until it was measured.</summary>
    public double? Speed { get; init; }

    /// <summary>Since when tasks wait although every worker has one.</summary>
    public TimeSpan? SaturatedSince { get; init; }

    /// <summary>Failed boots and refused creations in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When the last boot failed.</summary>
    public TimeSpan? LastFailure { get; init; }

    /// <summary>
    /// When the next instance may be created; null for now. The first failure costs no delay: an instance that failed once is replaced at
    /// once.
    /// </summary>
    public TimeSpan? RetryAt => Failures < 2 ? null : LastFailure + RetryDelay.After(Failures - 1);

    /// <summary>Records the instances' states; a boot that succeeded ends a series of failures, and so does time.</summary>
    public PolicyState WithObserved(Observation observation, TimeSpan bootTimeout)
    {
        // A boot that fails by the timeout must not be forgotten before the next one can fail.
        var isForgotten = observation.Now - LastFailure > 2 * RetryDelay.Longest + bootTimeout;
        var hasBooted = observation.Tasks is not null
            && observation.Instances.Any(instance => instance.State == InstanceState.Ready && IsBooting(instance.Id));
        // Without the API's readings every worker counts as ready, a draining one too.
        var notReady = observation.Instances.Where(instance => instance.State != InstanceState.Ready || observation.Tasks is null);
        var joined = observation.Instances.Where(instance => instance.LastSeen is not null);
        var present = observation.Instances.Select(instance => instance.Id).ToHashSet();
        return this with
        {
            Joined = Joined.Intersect(present).Union(joined.Select(instance => instance.Id)),
            Since = Since ?? observation.Now,
            Observed = observation.Instances.ToImmutableDictionary(
                instance => instance.Id, instance => StateSince(instance, observation.Now)),
            Drained = Drained.Intersect(notReady.Select(instance => instance.Id)),
            Failures = hasBooted || isForgotten ? 0 : Failures,
        };
    }

    /// <summary>
    /// Finds the displaced instances. While an API is rolled its successor uses a spare ordinal; once the fixed ordinal has been refilled,
    /// the spare is removed.
    /// </summary>
    /// <param name="staying">The instances that stay, or that the provider refuses to delete: they keep their ordinals.</param>
    /// <param name="min">The number of fixed ordinals.</param>
    /// <param name="isTooLarge">Whether the group has more instances than it needs.</param>
    public PolicyState WithDisplaced(IReadOnlyList<InstanceObservation> staying, int min, bool isTooLarge)
    {
        var ordinals = staying.Select(instance => instance.Ordinal).ToHashSet();
        var hasGap = Enumerable.Range(1, min).Any(ordinal => !ordinals.Contains(ordinal));
        var displaced = staying.Where(instance => instance.Ordinal > min
            && (hasGap || (isTooLarge && Displaced.Contains(instance.Id))));
        return this with { Displaced = [.. displaced.Select(instance => instance.Id)] };
    }

    /// <summary>Forgets the refused deletions of instances that have recovered or are gone.</summary>
    public PolicyState WithRefusalsOf(IEnumerable<Removal> unhealthy)
    {
        var ids = unhealthy.Select(removal => removal.Instance.Id).ToHashSet();
        return this with { Refusals = Refusals.RemoveRange(Refusals.Keys.Where(id => !ids.Contains(id))) };
    }

    /// <summary>Records that the provider has refused to delete an instance.</summary>
    public PolicyState DeletionRefused(InstanceObservation instance, string reason, TimeSpan at)
    {
        var count = Refusals.TryGetValue(instance.Id, out var last) ? last.Count + 1 : 1;
        return this with { Refusals = Refusals.SetItem(instance.Id, new Refusal(instance.Name, count, at, reason)) };
    }

    /// <summary>
    /// Counts a failed boot if an instance is removed that has never been ready. One that dies at work is no failed boot, and one that was
    /// dead before the first observation did not fail now.
    /// </summary>
    public PolicyState CountFailure(PolicyState before, Observation observation, IEnumerable<Removal> removals)
    {
        // One that the provider refuses to delete has failed once, not once in each round.
        var removed = removals.Where(removal => removal.Refusals == 0).Select(removal => removal.Instance);
        var hasFailed = before.Since is not null && removed.Any(instance => instance.State == InstanceState.Booting
            || (instance.State == InstanceState.Dead && (before.IsBooting(instance.Id) || !before.Observed.ContainsKey(instance.Id))));
        return hasFailed ? BootFailed(observation.Now) : this;
    }

    /// <summary>Counts a failed boot.</summary>
    public PolicyState BootFailed(TimeSpan at) => this with { Failures = Failures + 1, LastFailure = at };

    /// <summary>
    /// Measures a worker's speed. The API's rate covers a minute: it tells the speed only when the backlog kept all workers busy for that
    /// long.
    /// </summary>
    public PolicyState EstimateServiceRate(Observation observation)
    {
        var ready = observation.Instances.Count(instance => instance.State == InstanceState.Ready);
        var isSaturated = ready > 0 && observation.WorkPerSecond > 0 && observation.Tasks > ready;
        if (!isSaturated)
        {
            return this with { SaturatedSince = null };
        }
        var state = this with { SaturatedSince = SaturatedSince ?? observation.Now };
        if (observation.Now - state.SaturatedSince < RateSpan)
        {
            return state;
        }
        var speed = observation.WorkPerSecond!.Value / ready;
        return state with { Speed = Speed is { } old ? old + SpeedSmoothing * (speed - old) : speed };
    }

    private bool IsBooting(string id) => Observed.TryGetValue(id, out var last) && last.State == InstanceState.Booting;

    private (InstanceState State, TimeSpan Since) StateSince(InstanceObservation instance, TimeSpan now) =>
        Observed.TryGetValue(instance.Id, out var last) && last.State == instance.State ? last : (instance.State, now);
}
