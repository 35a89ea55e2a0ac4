using System.CommandLine;
using Faafo.Cli.Commands;

namespace Faafo.Cli;

/// <summary>The program's commands. Each is a file in <c>Commands</c>.</summary>
internal static class FaafoCommand
{
    /// <summary>The root command, writing to and timed by a terminal.</summary>
    public static RootCommand Build(Terminal terminal)
    {
        var shared = new SharedOptions(terminal);
        return new RootCommand("Orders fractals from a Faafo API and looks at what became of them.")
        {
            shared.EndpointUrl,
            shared.Output,
            CreateCommand.Build(shared),
            ListCommand.Build(shared),
            ShowCommand.Build(shared),
            GetCommand.Build(shared),
            DeleteCommand.Build(shared),
            QueueCommand.Build(shared),
            NodesCommand.Build(shared),
            WatchCommand.Build(shared),
        };
    }
}
