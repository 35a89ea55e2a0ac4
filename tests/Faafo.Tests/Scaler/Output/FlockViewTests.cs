using Faafo.Nodes;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Spectre.Console;
using Xunit;

namespace Faafo.Tests.Scaler.Output;

public sealed class FlockViewTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(NodeState.Stale)]
    [InlineData(NodeState.Left)]
    [InlineData(null)]
    public void Table_shows_the_status_of_an_instance_that_an_operator_holds(NodeState? state)
    {
        var instance = new Instance("id-1", "app-worker-1", FlockSpec.Worker, Now.AddHours(-1), IsRunning: false, "SHUTOFF");
        Node[] nodes = state is { } one ? [new Node(instance.Name, one, false, Now, new NodeReport { Role = FlockSpec.Worker })] : [];

        var table = Draw(new Snapshot([instance], nodes, null, ""));

        Assert.Matches(@"\| app-worker-1 +\| worker +\| SHUTOFF +\|", table);
    }

    private static string Draw(Snapshot snapshot)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        console.Write(FlockView.Nodes(snapshot));
        return text.ToString();
    }
}
