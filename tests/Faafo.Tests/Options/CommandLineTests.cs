using System.CommandLine;
using Faafo.Options;
using Faafo.Tests.Cli;
using Xunit;

namespace Faafo.Tests.Options;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Cancellation_that_the_user_did_not_cause_is_an_error_with_a_message()
    {
        var root = new RootCommand("a program");
        root.SetAction((_, _) => Task.FromException<int>(new TaskCanceledException("The operation was canceled.")));
        using var error = new StringWriter();

        var run = await FaafoRun.OfAsync(root, TextWriter.Null, error);

        Assert.Equal(CommandLine.Failed, run.ExitCode);
        Assert.Contains("TaskCanceledException", run.Error, StringComparison.Ordinal);
    }
}
