using System.CommandLine;
using Faafo.Cli.Commands;
using Faafo.Cli.Output;

namespace Faafo.Cli;

/// <summary>The program's commands. Each is a file in <c>Commands</c>.</summary>
internal static class FaafoCommand
{
    private const string Description = "Orders fractals from a Faafo API and looks at what became of them.";

    /// <summary>The command of all commands, writing to and timed by a terminal.</summary>
    /// <param name="args">What it will be asked. Only where that may be help or the version does it know them: to read their texts from the library's resources costs a twentieth of a command.</param>
    public static Command Build(Terminal terminal, params IEnumerable<string> args)
    {
        var shared = new SharedOptions(terminal);
        var root = args.Any(MayAskAboutItself) ? new RootCommand(Description) : new Command(RootCommand.ExecutableName, Description);
        root.Add(shared.EndpointUrl);
        root.Add(shared.Output);
        root.Add(CreateCommand.Build(shared));
        root.Add(ListCommand.Build(shared));
        root.Add(ShowCommand.Build(shared));
        root.Add(GetCommand.Build(shared));
        root.Add(DeleteCommand.Build(shared));
        root.Add(QueueCommand.Build(shared));
        root.Add(NodesCommand.Build(shared));
        root.Add(WatchCommand.Build(shared));
        return root;
    }

    // --help -h -? /h /?, --version, a directive, a file of arguments; and whatever begins alike.
    private static bool MayAskAboutItself(string arg) => arg is ['-' or '/', 'h' or '?', ..] or ['-', '-', 'h' or 'v', ..] or ['[' or '@', ..];
}
