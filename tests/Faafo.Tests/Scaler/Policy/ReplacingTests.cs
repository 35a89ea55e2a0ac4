using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

public sealed class ReplacingTests
{
    private static readonly PolicyOptions Options = new() { Min = 2, Max = 4, BootTimeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public void A_dead_worker_is_removed_by_id_and_replaced_at_once()
    {
        var run = new PolicyRun(Options);
        run.Decide(0, Many(2));

        var decision = run.After(1).Decide(0, One(1), One(2, InstanceState.Dead));

        Assert.Equal("id-2", Assert.Single(decision.Delete).Instance.Id);
        Assert.Equal(1, decision.Create);
    }

    [Fact]
    public void A_worker_that_does_not_boot_is_replaced_and_no_other()
    {
        var run = new PolicyRun(Options);
        InstanceObservation[] workers = [One(1), One(2, InstanceState.Booting)];
        run.Decide(0, workers);
        Assert.Empty(run.After(30).Decide(0, workers).Delete);

        var decision = run.After(1).Decide(0, workers);

        Assert.Equal(("id-2", "did not come up within 30 s"), Assert.Single(decision.Delete.Select(d => (d.Instance.Id, d.Reason))));
        Assert.Equal(1, decision.Create);
    }

    [Fact]
    public void A_silent_worker_is_given_up_after_the_boot_timeout()
    {
        var run = new PolicyRun(Options);
        InstanceObservation[] workers = [One(1), One(2, InstanceState.Silent)];
        run.Decide(0, workers);

        Assert.Empty(run.After(30).Decide(0, workers).Delete);
        Assert.Equal("id-2", Assert.Single(run.After(1).Decide(0, workers).Delete).Instance.Id);
    }

    [Fact]
    public void An_outage_of_the_API_does_not_count_as_silence_of_the_workers()
    {
        var run = new PolicyRun(Options with { Min = 1 });
        run.Decide(0, One(1));

        // The first list after ten minutes shows the worker's last heartbeat from before the outage.
        var decision = run.After(600).Decide(0, One(1, InstanceState.Silent) with { LastSeen = Day });

        Assert.Empty(decision.Delete);
        Assert.Equal(0, decision.Create);
    }

    [Fact]
    public void Many_silent_workers_at_once_are_not_replaced()
    {
        var run = new PolicyRun(Options);
        run.Decide(0, Many(4, InstanceState.Silent));

        Assert.Empty(run.After(60).Decide(0, Many(4, InstanceState.Silent)).Delete);
    }

    [Fact]
    public void Nothing_is_added_to_or_removed_from_a_paused_group()
    {
        var run = new PolicyRun(Options);
        InstanceObservation[] workers =
            [One(1, InstanceState.Dead), One(2, InstanceState.Left), One(3, InstanceState.Booting), One(4, InstanceState.Silent)];
        var seen = new Observation { Now = Begin, Tasks = 50, Instances = workers, Paused = true };
        run.Decide(seen);

        var decision = run.After(60).Decide(seen);

        Assert.Empty(decision.Delete);
        Assert.False(decision.ChangesAnything);
    }

    [Fact]
    public void Each_failed_boot_doubles_the_delay()
    {
        var run = new PolicyRun(Options with { Min = 1 });
        run.Decide(0);
        Assert.Equal(1, run.After(1).Decide(0, One(1, InstanceState.Dead)).Create);
        Assert.Equal(0, run.After(1).Decide(0, One(2, InstanceState.Dead)).Create);
        Assert.Equal(0, run.After(1.9).Decide(0).Create);
        Assert.Equal(1, run.After(0.1).Decide(0).Create);
        Assert.Equal(0, run.After(1).Decide(0, One(3, InstanceState.Dead)).Create);
        Assert.Equal(0, run.After(3.9).Decide(0).Create);
        Assert.Equal(1, run.After(0.1).Decide(0).Create);
    }

    [Fact]
    public void A_successful_boot_ends_the_delays()
    {
        var run = new PolicyRun(Options with { Min = 1 });
        run.Decide(0);
        run.Decide(0, One(1, InstanceState.Dead));
        run.Decide(0, One(2, InstanceState.Dead));
        run.Decide(0, One(3, InstanceState.Booting));
        run.Decide(0, One(3));

        Assert.Equal(1, run.Decide(0, One(3, InstanceState.Dead)).Create);
    }

    [Fact]
    public void Workers_that_die_at_work_do_not_count_as_failed_boots()
    {
        var run = new PolicyRun(Options with { Min = 4 });
        run.Decide(0, Many(4));

        Assert.Equal(4, run.After(1).Decide(0, Many(4, InstanceState.Dead)).Create);
    }
}
