using System.Diagnostics;
using Faafo.Scaler.Local;
using Xunit;

namespace Faafo.Tests.Scaler.Local;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void This_process_runs_here_and_has_not_exited()
    {
        Assert.Equal(Environment.ProcessId, ProcessIdentity.Own.Id);
        Assert.True(ProcessIdentity.Own.IsRunningHere);
        Assert.False(ProcessIdentity.Own.HasEnded);
    }

    [Fact]
    public void A_later_process_of_the_same_number_is_not_taken_for_it()
    {
        var earlier = ProcessIdentity.Own with { Began = "1" };

        Assert.False(earlier.IsRunningHere);
        Assert.True(earlier.HasEnded);
    }

    [Fact]
    public async Task An_exited_process_has_ended()
    {
        using var process = Process.Start("true");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var gone = ProcessIdentity.Own with { Id = process.Id };

        Assert.False(gone.IsRunningHere);
        Assert.True(gone.HasEnded);
    }

    [Theory]
    [InlineData("boot")]
    [InlineData("namespace")]
    [InlineData("host")]
    [InlineData("unknown")]
    public void A_process_elsewhere_is_neither_running_here_nor_ended(string elsewhere)
    {
        var own = ProcessIdentity.Own;
        var other = elsewhere switch
        {
            "boot" => own with { Boot = Guid.NewGuid().ToString() },
            "namespace" => own with { Namespace = "pid:[1]" },
            "host" => own with { Host = own.Host + "-2" },
            _ => own with { Boot = "", Namespace = "" },
        };

        foreach (var began in (string[])[own.Began, "1", ""])
        {
            Assert.False((other with { Began = began }).IsRunningHere);
            Assert.False((other with { Began = began }).HasEnded);
        }
    }
}
