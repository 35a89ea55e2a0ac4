using System.Globalization;

namespace Faafo.Scaler.Policy;

/// <summary>
/// Decides how many workers there should be. It knows no clock, no cloud and no network: the same observation and state give the
/// same decision, in the live loop as in a test.
///
/// Wanted is what the number of tasks asks for, between min and max; waiting work and load can ask for more where flock.yaml enables
/// them. Booting workers count as present, which takes the boot time out of the loop (a Smith predictor) and keeps a deep queue from
/// ordering the same workers twice. Out at once; in only after fewer have been enough for a whole window, and then all idle workers
/// above the largest number wanted in it, the newest first. Where the cloud removes only the oldest, they leave one at a time. An
/// operator's order is carried out at once.
/// </summary>
internal static class ScalingPolicy
{
    private const double SpeedSmoothing = 0.3;
    private const double Rounding = 1e-9;       // a quotient that is above a limit by less is on it
    private const double MostUnhealthy = 0.2;
    private const int NamesInReason = 3;

    private static readonly TimeSpan RateSpan = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);

    /// <summary>The decision on an observation, and the state for the next one.</summary>
    public static (Decision Decision, PolicyState State) Decide(PolicyState state, Observation seen, PolicyOptions options)
    {
        var before = state;
        state = state.WithObserved(seen);
        var delete = FindUnhealthy(state, seen, options);
        state = EstimateServiceRate(state.CountFailure(before, seen, delete.Select(d => d.Worker)), seen);

        var staying = seen.Instances.Except(delete.Select(d => d.Worker)).ToArray();
        var ready = staying.Count(w => w.State == InstanceState.Ready);
        var booting = staying.Count(w => w.State == InstanceState.Booting);
        var silent = staying.Count(w => w.State == InstanceState.Silent);
        // A silent one may come back in the next second; until it is given up, it takes a place.
        var present = ready + booting + silent;

        var (wanted, asked, why) = Wanted(state, seen, options, ready, present);
        var near = IsNear(asked, present, seen, options);
        state = state.WithDisplaced(staying, options.Min, tooMany: present > wanted);
        staying = [.. staying.Select(w => state.Displaced.Contains(w.Id) ? w with { Drifted = true } : w)];
        var draining = staying.Where(w => w.State == InstanceState.Draining).ToArray();
        var history = state.History.Where(h => seen.Now - h.At <= options.ScaleInWindow).Append((seen.Now, wanted)).ToArray();
        state = state with { History = history };

        var numbers = string.Create(CultureInfo.InvariantCulture, $"wanted {wanted}: {why}; {ready} ready, {booting} booting");
        numbers += (silent > 0 ? $", {silent} silent" : "") + (draining.Length > 0 ? $", {draining.Length} draining" : "");
        if (seen.Paused)
        {
            return (new Decision(present, 0, [], [], delete, $"{numbers}; paused"), state);
        }
        // What is within the tolerance is not lacking: it would keep outdated workers from being replaced.
        var lacking = wanted > present && !near;
        var decision = Replace(state, seen, staying, lacking ? wanted : Math.Min(wanted, present), numbers) is { } replacing
            ? replacing with { Wanted = wanted, Delete = delete }
            : wanted != present && near ? new Decision(wanted, 0, [], [], delete, $"{numbers}; within the tolerance")
            : lacking ? Grow(state, seen, options, wanted, present, draining, delete, numbers)
            : Shrink(state, seen, options, wanted, present, ready, draining, delete, numbers);
        return (decision, state with
        {
            Drained = state.Drained.Union(decision.Drain.Select(w => w.Id)),
        });
    }

    // What is asked for is compared before min and max limit it: a million tasks are never near to a group's max. An empty queue is
    // near to no group, and outside of min and max there is no tolerance.
    private static bool IsNear(int asked, int present, Observation seen, PolicyOptions options) =>
        seen.FixedSize is null && asked > 0 && present > 0 && present >= options.Min && present <= options.Max
        && Math.Abs((double)asked / present - 1) <= options.Tolerance + Rounding;

    // Wanted is between min and max; asked is what the readings alone ask for.
    private static (int Wanted, int Asked, string Why) Wanted(PolicyState state, Observation seen, PolicyOptions options, int ready,
        int present)
    {
        if (seen.FixedSize is { } size)
        {
            var allowed = Math.Clamp(size, options.Min, options.Max);
            return (allowed, size, allowed == size ? $"ordered {size}" : $"ordered {size}, allowed {options.Min} to {options.Max}");
        }
        var (wanted, asked, why) = (options.Min, 0, $"min {options.Min}");
        if (seen.Tasks is { } tasks)
        {
            Raise(tasks / options.TasksPerWorker, $"{tasks} tasks / {options.TasksPerWorker:0.#} per worker");
        }
        else
        {
            Raise(present, $"the API cannot be asked, so no fewer than now");
        }
        if (options.WorkTarget is { } time && seen.WorkWaiting is > 0 and var work && state.Speed is > 0 and var speed)
        {
            var seconds = work / speed;
            Raise(seconds / time.TotalSeconds, $"{seconds:0} s of work / {time.TotalSeconds:0} s");
        }
        var loads = seen.Instances.Where(w => w.State == InstanceState.Ready && w.LoadPerCpu is not null).Select(w => w.LoadPerCpu!.Value).ToArray();
        if (options.LoadTarget is { } share && seen.SharesLoad)
        {
            Raise(loads.Sum() / share, $"load {loads.Sum():0.00} per cpu / {share:0.00}");
            // Those that cannot be heard carry something too.
            Raise(loads.Length < present ? present : 0, $"the load of {present - loads.Length} is not known, so no fewer than now");
        }
        else if (options.LoadTarget is { } target && loads.Length > 0 && seen.Tasks > ready && loads.Average() > target)
        {
            Raise(present + 1, $"load {loads.Average():0.00} per cpu above {target:0.00} with tasks waiting");
        }
        return wanted > options.Max ? (options.Max, asked, $"{why}, max {options.Max}") : (wanted, asked, why);

        void Raise(double workers, FormattableString because)
        {
            var whole = (int)Math.Min(int.MaxValue, Math.Ceiling(workers - Rounding));
            asked = Math.Max(asked, whole);
            if (whole > wanted)
            {
                (wanted, why) = (whole, because.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    // One after the other: first comes a successor, though it be one more than max, and when it works the oldest that is outdated leaves.
    private static Decision? Replace(PolicyState state, Observation seen, IReadOnlyList<InstanceObservation> staying, int wanted, string numbers)
    {
        var ready = staying.Count(w => w.State == InstanceState.Ready);
        var present = staying.Count(w => w.State is InstanceState.Ready or InstanceState.Booting or InstanceState.Silent);
        var outdated = staying.Where(w => w is { Drifted: true, State: InstanceState.Ready or InstanceState.Booting or InstanceState.Silent })
            .OrderBy(w => w.CreatedAt).ThenBy(w => w.Name, StringComparer.Ordinal).ToArray();
        if (outdated.Length == 0 || present < wanted)
        {
            return null;        // what is lacking comes first, and is new
        }
        numbers += $"; {outdated.Length} to be replaced";
        if (staying.Any(w => w.State is InstanceState.Draining or InstanceState.Booting))
        {
            return new Decision(wanted, 0, [], [], [], numbers + ", one at a time");
        }
        if (ready > wanted && outdated.FirstOrDefault(w => w.State == InstanceState.Ready) is { } leaving)
        {
            return new Decision(wanted, 0, [leaving], [], [], $"{numbers}; -1, {leaving.Name} has a successor");
        }
        return present > wanted || (RetryAt(state) is { } retry && seen.Now < retry) ? new Decision(wanted, 0, [], [], [], numbers + ", later")
            : new Decision(wanted, 1, [], [], [], numbers + "; +1");
    }

    private static Decision Grow(PolicyState state, Observation seen, PolicyOptions options, int wanted, int present,
        InstanceObservation[] draining, IReadOnlyList<(InstanceObservation, string)> delete, string numbers)
    {
        // Work is back: a worker that is still there is worth more than one that has to boot. An operator's drain is not taken back. What
        // was taken back looks drained until its next heartbeat; it is asked for again until then, and no other is created for it.
        var undrain = draining.Where(w => state.Drained.Contains(w.Id) && !w.Drifted).OrderBy(w => w.CreatedAt).Take(wanted - present).ToArray();
        var room = options.Max - present - draining.Length;
        var create = Math.Max(0, Math.Min(Math.Min(wanted - present - undrain.Length, room), Math.Max(options.MaxStep, present)));
        if (create > 0 && RetryAt(state) is { } retry && seen.Now < retry)
        {
            return new Decision(wanted, 0, [], undrain, delete,
                $"{numbers}; the last {state.Failures} failed, next try in {(retry - seen.Now).TotalSeconds:0} s");
        }
        var did = (create > 0 ? $"; +{create}" : "") + (undrain.Length > 0 ? $"; {undrain.Length} drains taken back" : "");
        return new Decision(wanted, create, [], undrain, delete, numbers + did);
    }

    private static Decision Shrink(PolicyState state, Observation seen, PolicyOptions options, int wanted, int present, int ready,
        InstanceObservation[] draining, IReadOnlyList<(InstanceObservation, string)> delete, string numbers)
    {
        if (wanted == present)
        {
            return Hold("");
        }
        var keep = wanted;
        if (seen.FixedSize is null)
        {
            if (seen.Tasks is null)
            {
                return Hold("; no reading, no fewer");
            }
            if (seen.Now - state.Since < options.ScaleInWindow)
            {
                return Hold($"; begun {(seen.Now - state.Since)!.Value.TotalSeconds:0} s ago, fewer only after {options.ScaleInWindow.TotalSeconds:0} s");
            }
            keep = state.History.Max(h => h.Wanted);
            if (keep >= present)
            {
                return Hold($"; {keep} wanted within the last {options.ScaleInWindow.TotalSeconds:0} s");
            }
        }
        if (draining.Length > 0 && options.OldestFirst)
        {
            return Hold("; one drain at a time");
        }
        if (ready <= keep)
        {
            return Hold("; no more than these are ready");
        }
        var leaving = options.OldestFirst ? seen.Instances.OrderBy(w => w.CreatedAt).Take(1) : seen.Instances
            .OrderByDescending(w => w.Ordinal).ThenByDescending(w => w.CreatedAt).ThenByDescending(w => w.Name, StringComparer.Ordinal);
        var idle = leaving.Where(w => w is { State: InstanceState.Ready, Busy: 0 }).Take(ready - keep).ToArray();
        if (idle.Length == 0)
        {
            return Hold("; none is idle");
        }
        var names = string.Join(", ", idle.Take(NamesInReason).Select(w => w.Name));
        var more = idle.Length > NamesInReason ? $" and {idle.Length - NamesInReason} more" : "";
        var are = idle.Length == 1 ? "is" : "are";
        return new Decision(wanted, 0, idle, [], delete, $"{numbers}; -{idle.Length}, {names}{more} {are} idle");

        Decision Hold(string because) => new(wanted, 0, [], [], delete, numbers + because);
    }

    // By id, and only what is broken itself: no healthy worker is ever removed in another's stead.
    private static List<(InstanceObservation Worker, string Reason)> FindUnhealthy(PolicyState state, Observation seen, PolicyOptions options)
    {
        var delete = new List<(InstanceObservation, string)>();
        var silent = seen.Instances.Count(w => w.State == InstanceState.Silent);
        foreach (var worker in seen.Instances)
        {
            var since = seen.Now - state.Seen[worker.Id].Since;
            var reason = worker.State switch
            {
                InstanceState.Left => "has left",
                InstanceState.Dead => "died",
                _ when seen.Paused => null,
                InstanceState.Booting when since > options.BootTimeout => $"did not come up within {options.BootTimeout.TotalSeconds:0} s",
                // Many silent at once: more likely is that we do not hear well, after an outage of the API for instance.
                InstanceState.Silent when since > options.BootTimeout && silent <= Math.Max(1, MostUnhealthy * seen.Instances.Count) =>
                    $"has been silent for {since.TotalSeconds:0} s",
                _ => null,
            };
            if (reason is not null)
            {
                delete.Add((worker, reason));
            }
        }
        return delete;
    }

    // The API's rate is over a minute: it says something about a worker's speed only when the backlog kept all of them busy for that long.
    private static PolicyState EstimateServiceRate(PolicyState state, Observation seen)
    {
        var ready = seen.Instances.Where(w => w.State == InstanceState.Ready).ToArray();
        if (seen.WorkPerSecond is not { } rate || rate <= 0 || ready.Length == 0 || seen.Tasks is not { } tasks || tasks <= ready.Length)
        {
            return state with { SaturatedSince = null };
        }
        state = state with { SaturatedSince = state.SaturatedSince ?? seen.Now };
        if (seen.Now - state.SaturatedSince < RateSpan)
        {
            return state;
        }
        var speed = rate / ready.Length;
        return state with { Speed = state.Speed is { } old ? old + SpeedSmoothing * (speed - old) : speed };
    }

    // The first failure costs no pause: a worker that failed once is replaced at once.
    private static DateTimeOffset? RetryAt(PolicyState state) => state.Failures < 2 ? null
        : state.LastFailure + TimeSpan.FromSeconds(
            Math.Min(LongestBackoff.TotalSeconds, FirstBackoff.TotalSeconds * Math.Pow(2, Math.Min(state.Failures - 2, 20))));
}
