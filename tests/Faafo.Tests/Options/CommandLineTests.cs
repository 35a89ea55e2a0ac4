using System.CommandLine;
using Faafo.Options;
using Faafo.Tests.Cli;
using Xunit;

namespace Faafo.Tests.Options;

public sealed class CommandLineTests
{
    [Fact]
    public async Task A_request_that_was_cancelled_by_its_own_time_limit_is_an_error_with_a_message()
    {
        var root = new RootCommand("a program");
        root.SetAction((_, _) => Task.FromException<int>(new TaskCanceledException("The operation was canceled.")));
        using var error = new StringWriter();

        var run = await FaafoRun.OfAsync(root, TextWriter.Null, error);

        Assert.Equal(CommandLine.Failed, run.ExitCode);
        Assert.Contains("TaskCanceledException", run.Error, StringComparison.Ordinal);
    }
}
