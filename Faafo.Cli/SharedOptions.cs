using System.CommandLine;
using Faafo.Cli.Output;
using Faafo.Options;

namespace Faafo.Cli;

/// <summary>The options of all commands, valid before and after the command, and the way to run a command with them.</summary>
internal sealed class SharedOptions(Terminal terminal)
{
    /// <summary>Requests that a command sends at a time.</summary>
    public const int Connections = 8;

    /// <summary><c>--endpoint-url</c>.</summary>
    public Option<Uri> EndpointUrl { get; } = Recursive(ProgramOption.Url("--endpoint-url", "The API", FaafoClient.DefaultEndpoint));

    /// <summary><c>--output</c>.</summary>
    public Option<OutputFormat> Output { get; } =
        Recursive(ProgramOption.Choice("--output", "Format of stdout: table or json", OutputFormat.Table));

    /// <summary>Sets the action of a command. Errors of the disk or a pipe become a message of one line.</summary>
    /// <param name="command">The command.</param>
    /// <param name="action">Takes the parsed arguments and the context, and returns the exit code.</param>
    public Command Run(Command command, Func<ParseResult, CommandContext, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var api = FaafoClient.Connect(parsed.GetValue(EndpointUrl)!, Connections);
            var context = new CommandContext(api, parsed.GetValue(Output), terminal);
            try
            {
                try
                {
                    return await action(parsed, context, cancellationToken);
                }
                finally
                {
                    terminal.Output.Flush();
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FailureException(e.Message, e);
            }
        });
        return command;
    }

    private static Option<T> Recursive<T>(Option<T> option)
    {
        option.Recursive = true;
        return option;
    }
}
