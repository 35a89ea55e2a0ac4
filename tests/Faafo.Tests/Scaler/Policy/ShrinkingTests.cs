using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

public sealed class ShrinkingTests
{
    private static readonly PolicyOptions Options = new() { Min = 1, Max = 60, ScaleInWindow = TimeSpan.FromSeconds(5) };

    // A run that has observed an idle group of this size for a whole window.
    private static PolicyRun Quiet(int workers, PolicyOptions? options = null)
    {
        var run = new PolicyRun(options ?? Options);
        run.Decide(0, Many(workers));
        return run.After(5);
    }

    [Fact]
    public void The_newest_idle_worker_is_drained()
    {
        var decision = Quiet(3).Decide(8, One(1), One(3), One(2));

        Assert.Equal("app-worker-3", decision.Drain.SingleOrDefault()?.Name);
        Assert.Equal("wanted 2: 8 tasks / 4 per worker; 3 ready, 0 booting; -1, app-worker-3 is idle", decision.Reason);
    }

    [Fact]
    public void All_idle_workers_above_the_largest_size_of_the_window_are_drained_at_once_the_newest_first()
    {
        var run = Quiet(60);
        run.Decide(20, Many(60));

        var decision = run.After(4.9).Decide(0, Many(60));

        Assert.Equal(Enumerable.Range(6, 55).Reverse().Select(n => $"app-worker-{n}"), decision.Drain.Select(w => w.Name));
        Assert.EndsWith("-55, app-worker-60, app-worker-59, app-worker-58 and 52 more are idle", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixty_idle_workers_have_left_a_few_rounds_after_the_window()
    {
        var run = new PolicyRun(Options with { Min = 2, ScaleInWindow = TimeSpan.FromSeconds(60) });
        var there = Many(60);
        for (var second = 0; second <= 90; second += 15)
        {
            var decision = run.Decide(0, there);
            there = [.. there.Where(w => decision.Delete.All(d => d.Instance.Id != w.Id))
                .Select(w => w.State == InstanceState.Draining ? w with { State = InstanceState.Left } : w)
                .Select(w => decision.Drain.Any(d => d.Id == w.Id) ? w with { State = InstanceState.Draining } : w)];
            run.After(15);
        }

        Assert.Equal(["app-worker-1", "app-worker-2"], there.Select(w => w.Name));
    }

    [Fact]
    public void As_many_stay_ready_as_were_wanted_however_many_boot_or_are_silent()
    {
        // Eleven are present and four wanted, but only six are ready.
        InstanceObservation[] workers =
            [.. Many(6), One(7, InstanceState.Booting), One(8, InstanceState.Booting), One(9, InstanceState.Booting),
            One(10, InstanceState.Silent), One(11, InstanceState.Silent)];
        var run = new PolicyRun(Options with { Min = 4 });
        run.Decide(0, workers);

        Assert.Equal(["app-worker-6", "app-worker-5"], run.After(5).Decide(0, workers).Drain.Select(w => w.Name));
    }

    [Fact]
    public void More_idle_workers_are_drained_while_others_drain_and_busy_ones_are_skipped()
    {
        InstanceObservation[] workers = [One(1), One(2, busy: 1), One(3), One(4, busy: 1), One(5, InstanceState.Draining)];

        Assert.Equal(["app-worker-3", "app-worker-1"], Quiet(5).Decide(0, workers).Drain.Select(w => w.Name));
    }

    [Theory]
    [InlineData(22, 20, 0, 2)]
    [InlineData(21, 20, 0, 1)]      // less than a tenth above min
    [InlineData(1, 0, 0, 1)]
    [InlineData(11, 10, 39, 0)]     // 10 asked for, 11 there: within the tolerance
    [InlineData(11, 10, 36, 1)]     // 9 asked for
    [InlineData(64, 1, 252, 4)]     // 63 asked for, but above max there is no tolerance
    public void Demand_below_min_is_not_within_the_tolerance(int present, int min, long tasks, int drained)
    {
        var run = new PolicyRun(Options with { Min = min });
        run.Decide(tasks, Many(present));

        Assert.Equal(drained, run.After(5).Decide(tasks, Many(present)).Drain.Count);
    }

    [Fact]
    public void An_empty_queue_is_never_within_the_tolerance()
    {
        Assert.Equal(2, Quiet(3, Options with { Tolerance = 1 }).Decide(0, Many(3)).Drain.Count);
    }

    [Fact]
    public void A_busy_worker_is_never_drained()
    {
        Assert.Equal("app-worker-1", Assert.Single(Quiet(3).Decide(0, One(1), One(2, busy: 1), One(3, busy: null)).Drain).Name);
        Assert.Empty(Quiet(3).Decide(0, Many(3, busy: 1)).Drain);
    }

    [Fact]
    public void Where_only_the_oldest_can_be_removed_a_busy_one_delays_scale_in()
    {
        var options = Options with { OldestFirst = true };
        Assert.Equal("app-worker-1", Quiet(3, options).Decide(0, One(3), One(1), One(2)).Drain.SingleOrDefault()?.Name);
        Assert.Empty(Quiet(3, options).Decide(0, One(1, busy: 1), One(2), One(3)).Drain);
        InstanceObservation[] workers = [One(1, InstanceState.Draining), One(2), One(3), One(4)];
        var ordered = new Observation { Now = Begin, Tasks = 0, Instances = workers, FixedSize = 1 };
        Assert.Empty(Quiet(4, options).Decide(ordered).Drain);
    }

    [Fact]
    public void Where_only_the_oldest_can_be_removed_workers_drain_one_at_a_time()
    {
        var options = Options with { OldestFirst = true };
        Assert.Equal("app-worker-1", Assert.Single(Quiet(4, options).Decide(0, Many(4)).Drain).Name);
        Assert.Empty(Quiet(4, options).Decide(0, [One(1, InstanceState.Draining), One(2), One(3), One(4)]).Drain);
    }

    [Fact]
    public void No_worker_is_drained_before_a_whole_window_was_observed()
    {
        var run = new PolicyRun(Options);
        run.Decide(0, Many(3));

        Assert.Empty(run.After(4.9).Decide(0, Many(3)).Drain);
        Assert.NotEmpty(run.After(0.1).Decide(0, Many(3)).Drain);
    }

    [Fact]
    public void The_largest_size_wanted_within_the_window_stays()
    {
        var run = Quiet(3);
        run.Decide(12, Many(3));

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
        Assert.NotEmpty(Quiet(62).Decide(0, Many(62)).Drain);
        Assert.Empty(Quiet(62).Decide(tasks: null, Many(62)).Drain);
    }

    [Fact]
    public void Ready_workers_stay_while_others_boot()
    {
        Assert.Empty(Quiet(3).Decide(0, One(1), One(2, InstanceState.Booting), One(3, InstanceState.Booting)).Drain);
    }

    [Fact]
    public void New_tasks_cancel_drains_before_any_worker_boots()
    {
        var run = Quiet(5);
        Assert.Equal(4, run.Decide(0, Many(5)).Drain.Count);
        InstanceObservation[] workers = [One(1), .. Enumerable.Range(2, 4).Select(n => One(n, InstanceState.Draining))];

        var some = run.After(1).Decide(12, workers);
        Assert.Equal(["app-worker-2", "app-worker-3"], some.Undrain.Select(w => w.Name));
        Assert.Equal(0, some.Create);

        // Until their next heartbeat they still count as draining, and are neither given up nor created twice.
        var all = run.After(1).Decide(24, workers);
        Assert.Equal(4, all.Undrain.Count);
        Assert.Equal(1, all.Create);
    }

    [Fact]
    public void Drains_are_cancelled_after_an_outage_of_the_API_too()
    {
        var run = Quiet(3);
        run.Decide(0, Many(3));
        run.After(1).Decide(tasks: null, Many(3));      // without the API every worker counts as ready

        Assert.Equal(2, run.After(1).Decide(12, One(1), One(2, InstanceState.Draining), One(3, InstanceState.Draining)).Undrain.Count);
    }

    [Fact]
    public void A_drain_by_an_operator_after_a_cancelled_one_stays()
    {
        var run = Quiet(2);
        run.Decide(0, Many(2));
        run.After(1).Decide(8, One(1), One(2, InstanceState.Draining));
        run.After(1).Decide(8, Many(2));

        Assert.Empty(run.After(1).Decide(8, One(1), One(2, InstanceState.Draining)).Undrain);
    }

    [Fact]
    public void A_drain_by_an_operator_is_not_cancelled()
    {
        var decision = Quiet(1).Decide(16, One(1, InstanceState.Draining));

        Assert.Empty(decision.Undrain);
        Assert.Equal(4, decision.Create);
    }

    [Fact]
    public void A_paused_group_does_not_shrink()
    {
        Assert.Empty(Quiet(3).Decide(new Observation { Now = Begin, Tasks = 0, Instances = Many(3), Paused = true }).Drain);
    }

    [Fact]
    public void An_override_does_not_wait_for_the_window()
    {
        var decision = new PolicyRun(Options).Decide(new Observation { Now = Begin, Tasks = 50, Instances = Many(3), FixedSize = 2 });

        Assert.Equal("app-worker-3", decision.Drain.SingleOrDefault()?.Name);
    }

    [Fact]
    public void An_override_applies_at_once_except_to_busy_workers()
    {
        var decision = new PolicyRun(Options).Decide(new Observation
        {
            Now = Begin,
            Tasks = 50,
            Instances = [One(1), One(2, busy: 1), One(3), One(4), One(5, InstanceState.Draining)],
            FixedSize = 1,
        });

        Assert.Equal(["app-worker-4", "app-worker-3", "app-worker-1"], decision.Drain.Select(w => w.Name));
    }
}
