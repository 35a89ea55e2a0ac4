using System.CommandLine;
using Faafo.Cli.Commands;
using Faafo.Cli.Output;

namespace Faafo.Cli;

/// <summary>The root command. Each command below it is a file in <c>Commands</c>.</summary>
internal static class FaafoCommand
{
    private const string Description = "Creates fractals with a Faafo API and shows what became of them.";

    /// <summary>Builds all commands.</summary>
    /// <param name="terminal">Where they write to, and their clock.</param>
    /// <param name="args">
    /// The arguments that will be parsed. The options --help and --version exist only if one of these may be meant for them: reading their
    /// texts from the library's resources costs a twentieth of a command.
    /// </param>
    public static Command Build(Terminal terminal, params IEnumerable<string> args)
    {
        var shared = new SharedOptions(terminal);
        var root = args.Any(MayBeForRoot) ? new RootCommand(Description) : new Command(RootCommand.ExecutableName, Description);
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

    // --help -h -? /h /?, --version, a directive, a response file; and whatever begins like them.
    private static bool MayBeForRoot(string arg) => arg is ['-' or '/', 'h' or '?', ..] or ['-', '-', 'h' or 'v', ..] or ['[' or '@', ..];
}
