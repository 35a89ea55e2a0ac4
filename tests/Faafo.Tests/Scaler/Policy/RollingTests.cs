using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

public sealed class RollingTests
{
    private static readonly PolicyOptions Options = new() { Min = 2, Max = 2, BootTimeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public void Each_outdated_one_leaves_when_its_successor_works_and_never_are_fewer_ready_than_wanted()
    {
        var run = new PolicyRun(Options);
        var there = Many(2).Select(worker => worker with { Outdated = true }).ToList();
        var (next, steps) = (3, new List<string>());
        for (var round = 0; round < 20 && there.Any(worker => worker.Outdated); round++)
        {
            var decision = run.After(1).Decide(0, [.. there]);
            there = [.. there.Where(worker => worker.State != WorkerState.Draining)
                .Select(worker => worker.State == WorkerState.Booting ? worker with { State = WorkerState.Ready } : worker)
                .Select(worker => decision.Drain.Any(one => one.Id == worker.Id) ? worker with { State = WorkerState.Draining } : worker)];
            for (var n = 0; n < decision.Create; n++)
            {
                there.Add(One(next++, WorkerState.Booting));
            }
            steps.AddRange(decision.Drain.Select(worker => $"-{worker.Name}"));
            steps.AddRange(Enumerable.Repeat("+", decision.Create));
            Assert.True(there.Count(worker => worker.State == WorkerState.Ready) >= 2);
            Assert.True(there.Count <= 3);
        }

        Assert.Equal(["+", "-app-worker-1", "+", "-app-worker-2"], steps);
        Assert.Equal(["app-worker-3", "app-worker-4"], there.Select(worker => worker.Name));
        Assert.Equal(0, run.After(1).Decide(0, [.. there]).Create);
    }

    [Fact]
    public void A_successor_that_does_not_come_stops_the_roll()
    {
        var run = new PolicyRun(Options);
        WorkerView[] workers = [One(1) with { Outdated = true }, One(2) with { Outdated = true }];
        Assert.Equal(1, run.Decide(0, workers).Create);

        Assert.Equal((0, 0), Counts(run.After(1).Decide(0, [.. workers, One(3, WorkerState.Booting)])));
        var late = run.After(60).Decide(0, [.. workers, One(3, WorkerState.Booting)]);
        Assert.Equal("id-3", Assert.Single(late.Delete).Worker.Id);
        Assert.Empty(late.Drain);
    }

    [Fact]
    public void A_paused_group_is_not_rolled_and_a_drain_of_an_outdated_one_is_not_taken_back()
    {
        var run = new PolicyRun(Options);
        WorkerView[] three = [One(1) with { Outdated = true }, One(2), One(3)];
        Assert.Equal((0, 0), Counts(run.Decide(new Observation { Now = run.Now, Tasks = 0, Workers = three, Paused = true })));

        Assert.Equal("id-1", Assert.Single(run.After(1).Decide(0, three).Drain).Id);
        var lacking = run.After(1).Decide(0, One(1, WorkerState.Draining) with { Outdated = true }, One(2));
        Assert.Empty(lacking.Undrain);
    }

    private static (int Create, int Drain) Counts(Decision decision) => (decision.Create, decision.Drain.Count);
}
