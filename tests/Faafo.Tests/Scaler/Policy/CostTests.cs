using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.Policy;

/// <summary>What the defaults of a flock on a cloud cost on simulated traces, beside those of version 0.1.</summary>
public sealed class CostTests(ITestOutputHelper output)
{
    private const double Mean = 20;                 // seconds of a task, exponential
    private const double Step = 60;
    private const double Begin = 2 * 3600;          // until then the group finds its size
    private const double InTime = 0.995;

    private static readonly PolicyOptions Defaults = FlockSpec.Of("mycloud").Workers.Policy with { Max = 60 };

    private static readonly PolicyOptions First = Defaults with
    {
        TasksPerWorker = 5,
        WorkTarget = TimeSpan.FromSeconds(20),
        LoadTarget = 0.9,
    };

    [Theory]
    [InlineData("diurnal", 1.15)]
    [InlineData("square", 1.15)]
    [InlineData("bursty", 1.32)]      // 1.4 when one worker is drained at a time
    public void Defaults_start_tasks_in_time_at_a_lower_cost_than_those_of_version_0_1(string trace, double most)
    {
        var defaults = Run(Defaults, trace);
        var first = Run(First, trace);

        output.WriteLine($"{trace}: {defaults.Cost:0.000} @ {defaults.InTime:0.00%}, before {first.Cost:0.000} @ {first.InTime:0.00%}");
        Assert.InRange(defaults.Cost, 1, most);
        Assert.InRange(defaults.InTime, InTime, 1);
        Assert.True(first.Cost > most, $"the first defaults cost {first.Cost}");
    }

    private static SimulatedRun Run(PolicyOptions options, string trace)
    {
        var random = new Random(2000);
        var (hours, demand) = Demand(trace, random);
        var until = Begin + hours * 3600;
        var tasks = new List<(double At, double Seconds)>();
        for (var at = 0.0; at < until; at += Step)
        {
            // Poisson: the rate is that of the minute in which the last one came.
            for (var within = Wait(); within < Step; within += Wait())
            {
                tasks.Add((at + within, -Mean * Math.Log(1 - random.NextDouble())));
            }

            double Wait() => -Math.Log(1 - random.NextDouble()) * Mean / demand(at);
        }
        return new SimulatedGroup(options, random).Run(tasks, Begin, until);
    }

    // Workers that the arriving tasks keep busy, over time.
    private static (double Hours, Func<double, double> Demand) Demand(string trace, Random random)
    {
        switch (trace)
        {
            case "diurnal":
                return (24, at => 12 - 8 * Math.Cos(2 * Math.PI * at / (24 * 3600)));
            case "square":
                return (8, at => at % 7200 < 3600 ? 10 : 35);
            default:
                // A burst of some minutes about twice an hour.
                var bursts = Enumerable.Range(0, 24)
                    .Select(_ => (At: random.NextDouble() * 12 * 3600, For: 120 + random.NextDouble() * 480)).ToArray();
                return (10, at => 8 + 15 * bursts.Count(burst => at >= burst.At && at < burst.At + burst.For));
        }
    }
}
