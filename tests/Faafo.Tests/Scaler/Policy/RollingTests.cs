using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

public sealed class RollingTests
{
    private static readonly PolicyOptions Options = new() { Min = 2, Max = 2, BootTimeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public void Each_drifted_instance_drains_when_its_successor_is_ready_and_no_fewer_than_wanted_are_ever_ready()
    {
        var run = new PolicyRun(Options);
        var there = Many(2).Select(worker => worker with { Drifted = true }).ToList();
        var (next, steps) = (3, new List<string>());
        for (var round = 0; round < 20 && there.Any(worker => worker.Drifted); round++)
        {
            var decision = run.After(1).Decide(0, [.. there]);
            there = [.. there.Where(worker => worker.State != InstanceState.Draining)
                .Select(worker => worker.State == InstanceState.Booting ? worker with { State = InstanceState.Ready } : worker)
                .Select(worker => IsDrained(worker, decision) ? worker with { State = InstanceState.Draining } : worker)];
            for (var n = 0; n < decision.Create; n++)
            {
                there.Add(One(next++, InstanceState.Booting));
            }
            steps.AddRange(decision.Drain.Select(worker => $"-{worker.Name}"));
            steps.AddRange(Enumerable.Repeat("+", decision.Create));
            Assert.True(there.Count(worker => worker.State == InstanceState.Ready) >= 2);
            Assert.True(there.Count <= 3);
        }

        Assert.Equal(["+", "-app-worker-1", "+", "-app-worker-2"], steps);
        Assert.Equal(["app-worker-3", "app-worker-4"], there.Select(worker => worker.Name));
        Assert.Equal(0, run.After(1).Decide(0, [.. there]).Create);
    }

    [Theory]
    [InlineData(1, "+2 -1 +1 -2")]
    [InlineData(2, "+3 -1 +1 -2 +2 -3")]
    public void With_stable_identities_the_new_instances_end_at_the_ordinals_of_the_old_ones(int size, string expected)
    {
        var run = new PolicyRun(Options with { Min = size, Max = size });
        var there = Many(size).Select(worker => worker with { Drifted = true }).ToList();
        var steps = new List<string>();
        for (var round = 0; round < 40; round++)
        {
            var decision = run.After(1).Decide(0, [.. there.Select(worker => worker with { Ordinal = OrdinalOf(worker) })]);
            there = [.. there.Where(worker => worker.State != InstanceState.Draining)
                .Select(worker => worker.State == InstanceState.Booting ? worker with { State = InstanceState.Ready } : worker)
                .Select(worker => IsDrained(worker, decision) ? worker with { State = InstanceState.Draining } : worker)];
            for (var n = 0; n < decision.Create; n++)
            {
                var place = Enumerable.Range(1, there.Count + 1)
                    .First(number => !there.Any(worker => worker.Name == $"app-worker-{number}"));
                there.Add(One(place, InstanceState.Booting) with { Id = $"new-{round}" });
                steps.Add($"+{place}");
            }
            steps.AddRange(decision.Drain.Select(worker => $"-{worker.Name["app-worker-".Length..]}"));
            Assert.True(there.Count(worker => worker.State == InstanceState.Ready) >= size);
        }

        Assert.Equal(expected, string.Join(' ', steps));
        Assert.DoesNotContain(there, worker => worker.Drifted);
    }

    [Fact]
    public void Instances_above_min_may_have_any_ordinal_while_they_are_wanted()
    {
        var run = new PolicyRun(new PolicyOptions { Min = 1, Max = 3, ScaleInWindow = TimeSpan.Zero });
        InstanceObservation[] three =
            [One(1) with { Ordinal = 1 }, One(3) with { Ordinal = 3 }, One(2) with { Ordinal = 2, CreatedAt = Day }];

        Assert.Equal((0, 0), Counts(run.Decide(12, three)));
        Assert.Equal("id-3", Assert.Single(run.After(1).Decide(8, three).Drain).Id);      // the highest ordinal, though not the newest
        Assert.Equal(["id-3", "id-2"], run.After(1).Decide(0, three).Drain.Select(worker => worker.Id));
    }

    [Fact]
    public void A_successor_that_does_not_boot_stops_the_roll()
    {
        var run = new PolicyRun(Options);
        InstanceObservation[] workers = [One(1) with { Drifted = true }, One(2) with { Drifted = true }];
        Assert.Equal(1, run.Decide(0, workers).Create);

        Assert.Equal((0, 0), Counts(run.After(1).Decide(0, [.. workers, One(3, InstanceState.Booting)])));
        var late = run.After(60).Decide(0, [.. workers, One(3, InstanceState.Booting)]);
        Assert.Equal("id-3", Assert.Single(late.Delete).Instance.Id);
        Assert.Empty(late.Drain);
    }

    [Fact]
    public void A_paused_group_is_not_rolled_and_the_drain_of_a_drifted_instance_is_not_cancelled()
    {
        var run = new PolicyRun(Options);
        InstanceObservation[] three = [One(1) with { Drifted = true }, One(2), One(3)];
        Assert.Equal((0, 0), Counts(run.Decide(new Observation { Now = run.Now, Tasks = 0, Instances = three, Paused = true })));

        Assert.Equal("id-1", Assert.Single(run.After(1).Decide(0, three).Drain).Id);
        var lacking = run.After(1).Decide(0, One(1, InstanceState.Draining) with { Drifted = true }, One(2));
        Assert.Empty(lacking.Undrain);
    }

    private static (int Create, int Drain) Counts(Decision decision) => (decision.Create, decision.Drain.Count);

    private static bool IsDrained(InstanceObservation worker, Decision decision) => decision.Drain.Any(one => one.Id == worker.Id);

    private static int OrdinalOf(InstanceObservation worker) => int.Parse(worker.Name.AsSpan("app-worker-".Length), null);
}
