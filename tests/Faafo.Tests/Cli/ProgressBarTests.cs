using Faafo.Cli.Output;
using Xunit;

namespace Faafo.Tests.Cli;

public sealed class ProgressBarTests
{
    [Fact]
    public void Terminal_gets_one_line_that_is_overwritten()
    {
        Assert.Equal(
            $"\r[{new string('.', 40)}] 0 of 4 finished, 0 failed"
            + $"\r[{new string('#', 10)}{new string('.', 30)}] 1 of 4 finished, 1 failed"
            + $"\r[{new string('#', 40)}] 4 of 4 finished, 1 failed\n", Draw(true, 4, (0, 0), (1, 1), (4, 1)));
    }

    [Fact]
    public void Log_gets_a_line_for_each_tenth() => Assert.Equal(
        "0 of 100 finished, 0 failed\n10 of 100 finished, 0 failed\n100 of 100 finished, 0 failed\n",
        Draw(false, 100, (0, 0), (9, 0), (10, 0), (11, 0), (100, 0)), ignoreLineEndingDifferences: true);

    private static string Draw(bool isTerminal, int total, params (int Finished, int Failed)[] steps)
    {
        using var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, error, Stream.Null, TimeProvider.System) { ErrorIsTerminal = isTerminal };
        var bar = new ProgressBar(terminal, total);
        foreach (var (finished, failed) in steps)
        {
            bar.Show(finished, failed);
        }
        return error.ToString();
    }
}
