using System.Collections.Immutable;

namespace Faafo.Scaler.Policy;

/// <summary>What the policy remembers from one decision to the next. A scaler that forgets it gives everyone a new grace.</summary>
internal sealed record PolicyState
{
    /// <summary>When it began to observe.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What was wanted within the last window.</summary>
    public IReadOnlyList<(DateTimeOffset At, int Wanted)> History { get; init; } = [];

    /// <summary>
    /// Each worker's state and since when it was observed in it. Its own times would not do: after an outage of the API, healthy
    /// workers look as if they had been silent for all of it.
    /// </summary>
    public ImmutableDictionary<string, (InstanceState State, DateTimeOffset Since)> Seen { get; init; } =
        ImmutableDictionary<string, (InstanceState, DateTimeOffset)>.Empty;

    /// <summary>
    /// Workers that the policy had drained, until they are seen at work again; only their drains may be taken back, an operator's not.
    /// </summary>
    public ImmutableHashSet<string> Drained { get; init; } = [];

    /// <summary>Those that are to go since one of the places whose address is known was empty, and they had none.</summary>
    public ImmutableHashSet<string> Displaced { get; init; } = [];

    /// <summary>Work per second of one busy worker, smoothed; null until it was seen.</summary>
    public double? Speed { get; init; }

    /// <summary>Since when tasks wait although every worker has one.</summary>
    public DateTimeOffset? SaturatedSince { get; init; }

    /// <summary>Boots that failed, one after the other.</summary>
    public int Failures { get; init; }

    /// <summary>When the last of them did.</summary>
    public DateTimeOffset? LastFailure { get; init; }

    /// <summary>This state with the workers' states; a boot that came through ends a row of failures.</summary>
    public PolicyState WithObserved(Observation seen)
    {
        var cameUp = seen.Instances.Any(w => w.State == InstanceState.Ready && Seen.TryGetValue(w.Id, out var before) && before.State == InstanceState.Booting);
        return this with
        {
            Since = Since ?? seen.Now,
            Seen = seen.Instances.ToImmutableDictionary(w => w.Id, w =>
                Seen.TryGetValue(w.Id, out var before) && before.State == w.State ? before : (w.State, seen.Now)),
            // Without the API's readings every worker looks ready, a drained one too.
            Drained = Drained.Intersect(seen.Instances.Where(w => w.State != InstanceState.Ready || seen.Tasks is null).Select(w => w.Id)),
            Failures = cameUp ? 0 : Failures,
        };
    }

    /// <summary>
    /// This state with those that are astray. In the place of a rolled API comes one that is new there, but its successor, which came first,
    /// had to take another: it goes once the place is filled.
    /// </summary>
    public PolicyState WithDisplaced(IReadOnlyList<InstanceObservation> staying, int min, bool tooMany)
    {
        var places = staying.Select(w => w.Ordinal).ToHashSet();
        var empty = Enumerable.Range(1, min).Any(place => !places.Contains(place));
        return this with
        {
            Displaced = [.. staying.Where(w => w.Ordinal > min && (empty || (tooMany && Displaced.Contains(w.Id)))).Select(w => w.Id)],
        };
    }

    /// <summary>
    /// This state with one more failure if a boot has failed: a worker is removed that has never been ready. A worker that dies at work
    /// is no failed boot, and what was dead before the first observation did not fail now.
    /// </summary>
    public PolicyState CountFailure(PolicyState before, Observation seen, IEnumerable<InstanceObservation> removed) =>
        before.Since is not null && removed.Any(w => w.State == InstanceState.Booting
            || (w.State == InstanceState.Dead && (!before.Seen.TryGetValue(w.Id, out var was) || was.State == InstanceState.Booting)))
            ? BootFailed(seen.Now) : this;

    /// <summary>This state with one more failed boot.</summary>
    public PolicyState BootFailed(DateTimeOffset at) => this with { Failures = Failures + 1, LastFailure = at };
}
