using CsCheck;
using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

/// <summary>The invariants of every decision, over random runs of a simulated group that obeys the policy.</summary>
public sealed class PolicyPropertyTests
{
    private const int Steps = 300;

    [Fact]
    public void Decisions_keep_the_promises() => Gen.Select(Gen.Int[0, 3], Gen.Int[1, 7], Gen.Int[1, 19], Gen.Int).Sample(
        (min, room, window, seed) => AssertPromises(
            new PolicyOptions { Min = min, Max = min + room, ScaleInWindow = TimeSpan.FromSeconds(window) }, new Random(seed)),
        iter: 50);

    private static void AssertPromises(PolicyOptions options, Random random)
    {
        var run = new PolicyRun(options);
        var group = new List<InstanceObservation>();
        var born = 0;
        for (var step = 0; step < Steps; step++)
        {
            var tasks = DrawTasks(random);
            for (var i = 0; i < group.Count; i++)
            {
                group[i] = Live(group[i], random);
            }
            group.RemoveAll(w => w.State == InstanceState.Left && random.Next(2) == 0);

            var decision = run.Decide(tasks, [.. group]);

            var elapsed = run.Now - Begin;
            var alive = group.Count(w => w.State is not (InstanceState.Dead or InstanceState.Left))
                - decision.Delete.Count(d => IsAlive(d.Instance));
            Assert.True(alive + decision.Create <= options.Max, $"above max: {decision.Reason}");
            Assert.InRange(decision.Wanted, options.Min, options.Max);
            if (decision.Drain.Count > 0)
            {
                var staying = group.Count(w => w.State == InstanceState.Ready) - decision.Drain.Count;
                Assert.True(decision.Drain.All(w => w is { State: InstanceState.Ready, Busy: 0 }), $"drains a busy one: {decision.Reason}");
                Assert.True(tasks is not null, $"shrinks on a missing reading: {decision.Reason}");
                Assert.True(elapsed >= options.ScaleInWindow, $"shrinks within a window after the start: {decision.Reason}");
                Assert.True(staying >= run.State.History.Max(h => h.Wanted), $"fewer ready than were wanted: {decision.Reason}");
                Assert.True(options.Min <= run.State.History.Min(h => h.Wanted), $"below min: {decision.Reason}");
            }
            Assert.All(decision.Delete, d => Assert.NotEqual(InstanceState.Ready, d.Instance.State));
            Assert.All(decision.Delete.Select(d => d.Instance).Concat(decision.Drain), w => Assert.Null(w.Held));

            group.RemoveAll(w => decision.Delete.Any(d => d.Instance.Id == w.Id));
            for (var i = 0; i < group.Count; i++)
            {
                if (decision.Drain.Any(w => w.Id == group[i].Id))
                {
                    group[i] = group[i] with { State = InstanceState.Draining };
                }
                else if (decision.Undrain.Any(w => w.Id == group[i].Id))
                {
                    group[i] = group[i] with { State = InstanceState.Ready };
                }
            }
            group.AddRange(Enumerable.Range(0, decision.Create).Select(_ => One(++born, InstanceState.Booting)));
            run.After(1);
        }
        Assert.True(born > 0 || options.Min == 0);
    }

    // A failed reading one time in ten; else mostly an empty queue.
    private static long? DrawTasks(Random random)
    {
        if (random.Next(10) == 0)
        {
            return null;
        }
        return random.Next(3) == 0 ? random.Next(60) : 0;
    }

    private static bool IsAlive(InstanceObservation worker) => worker.State is not (InstanceState.Dead or InstanceState.Left);

    // Simulates one second of an instance.
    private static InstanceObservation Live(InstanceObservation worker, Random random) => (worker.State, random.Next(100)) switch
    {
        (InstanceState.Booting, < 50) => worker with { State = InstanceState.Ready },
        (InstanceState.Booting or InstanceState.Ready, > 97) => worker with { State = InstanceState.Dead, Held = null },
        (InstanceState.Ready, > 95) => worker with { State = InstanceState.Silent, Held = null },
        (InstanceState.Ready or InstanceState.Booting, > 93) => worker with { State = InstanceState.Unavailable, Held = "SHUTOFF" },
        (InstanceState.Ready, > 92) => worker with { Held = "ACTIVE, locked" },
        (InstanceState.Unavailable or InstanceState.Ready, < 20) => worker with { State = InstanceState.Ready, Held = null },
        (InstanceState.Silent, < 60) => worker with { State = InstanceState.Ready },
        (InstanceState.Draining, < 40) => worker with { State = InstanceState.Left },
        (InstanceState.Ready, _) => worker with { Busy = random.Next(3) == 0 ? 1 : 0 },
        _ => worker,
    };
}
