using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

public sealed class ShrinkingTests
{
    private static readonly PolicyOptions Options = new() { Min = 1, Max = 10, ScaleInWindow = TimeSpan.FromSeconds(5) };

    // A run that has seen an idle group of this size for a whole window.
    private static PolicyRun Quiet(int workers, PolicyOptions? options = null)
    {
        var run = new PolicyRun(options ?? Options);
        run.Decide(0, Many(workers));
        return run.After(5);
    }

    [Fact]
    public void The_newest_idle_worker_is_drained()
    {
        var decision = Quiet(3).Decide(0, One(1), One(3), One(2));

        Assert.Equal("app-worker-3", decision.Drain.SingleOrDefault()?.Name);
        Assert.Equal("wanted 1: min 1; 3 ready, 0 booting; -1, app-worker-3 is idle", decision.Reason);
    }

    [Fact]
    public void A_busy_worker_is_never_drained()
    {
        Assert.Equal("app-worker-1", Quiet(3).Decide(0, One(1), One(2, busy: 1), One(3, busy: null)).Drain.SingleOrDefault()?.Name);
        Assert.Empty(Quiet(3).Decide(0, Many(3, busy: 1)).Drain);
    }

    [Fact]
    public void Where_only_the_oldest_can_leave_it_is_waited_for()
    {
        var options = Options with { OldestFirst = true };
        Assert.Equal("app-worker-1", Quiet(3, options).Decide(0, One(3), One(1), One(2)).Drain.SingleOrDefault()?.Name);
        Assert.Empty(Quiet(3, options).Decide(0, One(1, busy: 1), One(2), One(3)).Drain);
        var ordered = new Observation { Now = Begin, Tasks = 0, Workers = [One(1, WorkerState.Draining), One(2), One(3), One(4)], FixedSize = 1 };
        Assert.Empty(Quiet(4, options).Decide(ordered).Drain);
    }

    [Fact]
    public void One_leaves_at_a_time()
    {
        Assert.Empty(Quiet(4).Decide(0, [.. Many(3), One(4, WorkerState.Draining)]).Drain);
    }

    [Fact]
    public void Nobody_leaves_before_a_whole_window_was_seen()
    {
        var run = new PolicyRun(Options);
        run.Decide(0, Many(3));

        Assert.Empty(run.After(4.9).Decide(0, Many(3)).Drain);
        Assert.NotEmpty(run.After(0.1).Decide(0, Many(3)).Drain);
    }

    [Fact]
    public void The_most_that_was_wanted_within_the_window_stays()
    {
        var run = Quiet(3);
        run.Decide(15, Many(3));

        var decision = run.After(4.9).Decide(0, Many(3));
        Assert.Empty(decision.Drain);
        Assert.Contains("3 wanted within the last 5 s", decision.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(run.After(0.2).Decide(0, Many(3)).Drain);
    }

    [Fact]
    public void A_missing_reading_never_shrinks()
    {
        Assert.Empty(Quiet(3).Decide(tasks: null, Many(3)).Drain);
    }

    [Fact]
    public void A_missing_reading_does_not_even_shrink_a_group_that_is_above_its_max()
    {
        Assert.NotEmpty(Quiet(12).Decide(0, Many(12)).Drain);
        Assert.Empty(Quiet(12).Decide(tasks: null, Many(12)).Drain);
    }

    [Fact]
    public void The_ready_ones_stay_while_others_boot()
    {
        Assert.Empty(Quiet(3).Decide(0, One(1), One(2, WorkerState.Booting), One(3, WorkerState.Booting)).Drain);
    }

    [Fact]
    public void Work_that_returns_takes_a_drain_back_before_anybody_boots()
    {
        var run = Quiet(3);
        Assert.Equal("app-worker-3", run.Decide(0, Many(3)).Drain.SingleOrDefault()?.Name);

        var decision = run.After(1).Decide(20, [.. Many(2), One(3, WorkerState.Draining)]);

        Assert.Equal("app-worker-3", Assert.Single(decision.Undrain).Name);
        Assert.Equal(1, decision.Create);
    }

    [Fact]
    public void A_drain_that_an_operator_ordered_is_not_taken_back()
    {
        var decision = Quiet(1).Decide(20, One(1, WorkerState.Draining));

        Assert.Empty(decision.Undrain);
        Assert.Equal(4, decision.Create);
    }

    [Fact]
    public void A_paused_group_loses_nobody()
    {
        Assert.Empty(Quiet(3).Decide(new Observation { Now = Begin, Tasks = 0, Workers = Many(3), Paused = true }).Drain);
    }

    [Fact]
    public void An_ordered_size_does_not_wait_for_the_window()
    {
        var decision = new PolicyRun(Options).Decide(new Observation { Now = Begin, Tasks = 50, Workers = Many(3), FixedSize = 2 });

        Assert.Equal("app-worker-3", decision.Drain.SingleOrDefault()?.Name);
    }

    [Fact]
    public void An_order_of_the_operator_is_carried_out_at_once_but_for_the_busy()
    {
        var decision = new PolicyRun(Options).Decide(new Observation
        {
            Now = Begin,
            Tasks = 50,
            Workers = [One(1), One(2, busy: 1), One(3), One(4), One(5, WorkerState.Draining)],
            FixedSize = 1,
        });

        Assert.Equal(["app-worker-4", "app-worker-3", "app-worker-1"], decision.Drain.Select(w => w.Name));
    }
}
