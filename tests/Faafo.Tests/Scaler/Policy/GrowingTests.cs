using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

public sealed class GrowingTests
{
    private static readonly PolicyOptions Ten = new() { Min = 1, Max = 10, ScaleInWindow = TimeSpan.FromSeconds(5) };

    [Fact]
    public void Reason_names_the_numbers()
    {
        Assert.Equal("wanted 4: 16 tasks / 4 per worker; 1 ready, 0 booting; +3", new PolicyRun(Ten).Decide(16, One(1)).Reason);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(16, 4)]
    [InlineData(1000, 10)]
    public void Size_is_one_worker_for_each_four_tasks_between_min_and_max(long tasks, int wanted)
    {
        Assert.Equal(wanted, new PolicyRun(Ten).Decide(tasks, One(1)).Wanted);
    }

    [Fact]
    public void Booting_workers_are_not_created_twice()
    {
        Assert.Equal(0, new PolicyRun(Ten).Decide(16, Many(4, InstanceState.Booting)).Create);
    }

    [Theory]
    [InlineData(0, 4)]      // at most four at once ...
    [InlineData(3, 4)]
    [InlineData(6, 6)]      // ... or as many as there are
    public void Steps_are_limited(int present, int created)
    {
        Assert.Equal(created, new PolicyRun(Ten with { Max = 100 }).Decide(500, Many(present, busy: 1)).Create);
    }

    [Theory]
    [InlineData(41, 10, 0)]     // 11 wanted, 10 there: within a tenth
    [InlineData(45, 10, 2)]
    [InlineData(39, 11, 0)]
    public void A_difference_within_the_tolerance_changes_nothing(long tasks, int present, int created)
    {
        var decision = new PolicyRun(Ten with { Max = 100 }).Decide(tasks, Many(present, busy: 1));

        Assert.Equal(created, decision.Create);
        Assert.Equal(created == 0, decision.Reason.Contains("within the tolerance", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(55, 5)]
    [InlineData(59, 1)]
    [InlineData(60, 0)]
    public void Demand_above_max_is_not_within_the_tolerance(int present, int created)
    {
        Assert.Equal(created, new PolicyRun(Ten with { Max = 60 }).Decide(1_000_000, Many(present, busy: 1)).Create);
    }

    [Fact]
    public void Up_to_ten_workers_grow_exactly_and_up_to_twenty_lack_at_most_one()
    {
        var options = Ten with { Max = 100 };
        for (var present = 1; present <= 20; present++)
        {
            var held = present / 10;
            var workers = Many(present, busy: 1);

            Assert.Equal(0, new PolicyRun(options).Decide(4 * (present + held), workers).Create);
            Assert.Equal(held + 1, new PolicyRun(options).Decide(4 * (present + held) + 1, workers).Create);
        }
    }

    [Fact]
    public void A_difference_within_the_tolerance_does_not_stop_a_roll()
    {
        // 11 are wanted, 10 are there: that is within the tolerance, and the drifted one gets its successor.
        InstanceObservation[] workers = [.. Many(9, busy: 1), One(10, busy: 1) with { Drifted = true }];

        var decision = new PolicyRun(Ten with { Max = 20 }).Decide(41, workers);

        Assert.Equal(1, decision.Create);
        Assert.EndsWith("1 to replace; +1", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Min_is_kept_whatever_the_tolerance()
    {
        Assert.Equal(1, new PolicyRun(Ten with { Min = 10, Tolerance = 0.5 }).Decide(0, Many(9)).Create);
    }

    [Fact]
    public void Waiting_work_and_load_are_ignored_unless_they_are_enabled()
    {
        var run = new PolicyRun(Ten);
        var seen = new Observation
        {
            Now = Begin,
            Tasks = 3,
            WorkWaiting = 1_000_000,
            WorkPerSecond = 200,
            Instances = [One(1, busy: 1, load: 1.5), One(2, busy: 1, load: 1.5)],
        };
        run.Decide(seen);

        var decision = run.After(60).Decide(seen);

        Assert.Equal(100, run.State.Speed);     // measured, but not used
        Assert.StartsWith("wanted 1: min 1; ", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_work_counts_once_a_minute_of_full_load_has_shown_the_speed()
    {
        var run = new PolicyRun(Ten with { TasksPerWorker = 1000, WorkTarget = TimeSpan.FromSeconds(10) });
        // Two busy workers finish 200 a second: 3,000 are 30 s of one worker's work.
        var seen = new Observation { Now = Begin, Tasks = 50, WorkWaiting = 3000, WorkPerSecond = 200, Instances = Many(2, busy: 1) };
        Assert.Equal(1, run.Decide(seen).Wanted);
        Assert.Equal(1, run.After(59).Decide(seen).Wanted);

        var decision = run.After(1).Decide(seen);

        Assert.Equal(3, decision.Wanted);
        Assert.Contains("30 s of work / 10 s", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_over_a_mostly_idle_minute_is_no_measure_of_speed()
    {
        var run = new PolicyRun(Ten);
        run.Decide(0, Many(1));
        run.After(59).Decide(
            new Observation { Now = Begin, Tasks = 20, WorkWaiting = 1_000_000, WorkPerSecond = 1, Instances = Many(1, busy: 1) });

        Assert.Null(run.State.Speed);
    }

    [Fact]
    public void Load_above_its_target_adds_one_worker_while_tasks_wait()
    {
        var options = Ten with { LoadTarget = 0.8 };
        var busy = One(1, busy: 1, load: 1.5);

        Assert.Equal(2, new PolicyRun(options).Decide(3, busy).Wanted);
        Assert.Equal(1, new PolicyRun(options).Decide(1, busy).Wanted);
        Assert.Equal(1, new PolicyRun(Ten).Decide(3, busy).Wanted);
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(0.7, 2)]       // 1.4 of load, 0.7 for each
    [InlineData(0.8, 3)]
    public void A_group_behind_a_balancer_is_sized_by_the_sum_of_its_load(double load, int wanted)
    {
        var decision = new PolicyRun(Ten with { LoadTarget = 0.7 }).Decide(
            new Observation { Now = Begin, Tasks = 0, SharesLoad = true, Instances = [One(1, load: load), One(2, load: load)] });

        Assert.Equal(wanted, decision.Wanted);
    }

    [Fact]
    public void Unknown_load_is_not_taken_for_zero()
    {
        var decision = new PolicyRun(Ten with { LoadTarget = 0.7 }).Decide(
            new Observation { Now = Begin, Tasks = 0, SharesLoad = true, Instances = [One(1, load: 0.1), One(2)] });

        Assert.Equal(2, decision.Wanted);
        Assert.Contains("load of 1 unknown", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_reading_still_keeps_min()
    {
        Assert.Equal(2, new PolicyRun(Ten with { Min = 2 }).Decide(tasks: null).Create);
    }

    [Fact]
    public void Silent_workers_count_as_present_until_they_are_given_up()
    {
        // As after an outage of the API: the four silent ones may send a heartbeat in a second, and eight would be above max.
        var decision = new PolicyRun(Ten with { Max = 4 }).Decide(100, Many(4, InstanceState.Silent));

        Assert.Equal(0, decision.Create);
        Assert.Contains("4 silent", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Draining_workers_count_below_max()
    {
        Assert.Equal(1, new PolicyRun(Ten with { Max = 4 }).Decide(100, [.. Many(2), One(8, InstanceState.Draining)]).Create);
    }

    [Fact]
    public void A_paused_group_does_not_grow()
    {
        var decision = new PolicyRun(Ten).Decide(new Observation { Now = Begin, Tasks = 50, Instances = Many(1), Paused = true });

        Assert.Equal(0, decision.Create);
        Assert.EndsWith("paused", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 1)]
    [InlineData(99, 10)]
    public void An_override_is_limited_by_min_and_max(int size, int wanted)
    {
        var decision = new PolicyRun(Ten).Decide(new Observation { Now = Begin, Tasks = 50, Instances = [], FixedSize = size });

        Assert.Equal(wanted, decision.Wanted);
    }
}
