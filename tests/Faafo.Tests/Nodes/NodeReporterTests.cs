using Faafo.Nodes;
using Xunit;

namespace Faafo.Tests.Nodes;

public sealed class NodeReporterTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Report_describes_role_program_and_host()
    {
        var report = new NodeReporter("api", "http://127.0.0.1:8080", Start).Create(TimeSpan.FromSeconds(2.5));

        Assert.Equal(("api", "http://127.0.0.1:8080", 2.5, Start), (report.Role, report.Address, report.Interval, report.StartedAt));
        Assert.Equal(Environment.ProcessorCount, report.Cpus);
        Assert.Matches(@"^\d+\.\d+\.\d+$", report.Version);
        Assert.Equal(File.Exists("/proc/loadavg"), report.LoadAverage is not null);
    }

    [Fact]
    public void Report_of_a_new_node_is_ready_and_idle()
    {
        var report = new NodeReporter("worker", null, Start).Create(TimeSpan.FromSeconds(5));

        Assert.Equal((NodeState.Ready, 0, 0), (report.State, report.Slots, report.Busy));
        Assert.Empty(report.Tasks);
    }
}
