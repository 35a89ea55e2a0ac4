using Faafo.Scaler.Policy;
using Xunit;
using static Faafo.Tests.Scaler.Policy.PolicyRun;

namespace Faafo.Tests.Scaler.Policy;

/// <summary>Instances that an operator stopped, paused or locked or is changing.</summary>
public sealed class HeldInstanceTests
{
    private static readonly PolicyOptions Options =
        new() { Min = 2, Max = 3, BootTimeout = TimeSpan.FromSeconds(30), ScaleInWindow = TimeSpan.FromSeconds(5) };

    [Fact]
    public void Unavailable_instance_is_never_deleted_and_another_takes_its_work()
    {
        var run = new PolicyRun(Options);
        run.Decide(0, Many(2));

        var decision = run.After(1).Decide(0, One(1), Stopped(2));

        Assert.Empty(decision.Delete);
        Assert.Equal(1, decision.Create);
        Assert.Empty(run.After(3600).Decide(0, One(1), Stopped(2), One(3)).Delete);
    }

    [Fact]
    public void Unavailable_instances_count_towards_max()
    {
        var decision = new PolicyRun(Options).Decide(100, One(1), Stopped(2), Stopped(3));

        Assert.Equal(0, decision.Create);
        Assert.Contains("1 ready, 0 booting, 2 unavailable", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Instance_that_works_while_it_is_held_is_capacity_but_is_not_drained()
    {
        var run = new PolicyRun(Options);
        InstanceObservation[] workers = [One(1), One(2), One(3) with { Held = "MIGRATING" }];
        run.Decide(0, workers);

        var decision = run.After(6).Decide(0, workers);

        Assert.Equal("id-2", Assert.Single(decision.Drain).Id);
    }

    [Fact]
    public void Drifted_instance_is_not_replaced_while_it_is_held()
    {
        var decision = new PolicyRun(Options).Decide(0, One(1), One(2) with { Drifted = true, Held = "ACTIVE, locked" });

        Assert.False(decision.ChangesAnything);
    }

    [Fact]
    public void Instance_that_was_started_again_has_its_full_timeout()
    {
        var run = new PolicyRun(Options);
        run.Decide(0, One(1), Stopped(2));

        Assert.Empty(run.After(3600).Decide(0, One(1), One(2, InstanceState.Silent)).Delete);
        Assert.Empty(run.After(30).Decide(0, One(1), One(2, InstanceState.Silent)).Delete);
        Assert.Single(run.After(1).Decide(0, One(1), One(2, InstanceState.Silent)).Delete);
    }

    private static InstanceObservation Stopped(int number) => One(number, InstanceState.Unavailable) with { Held = "SHUTOFF" };
}
