using System.CommandLine;
using Faafo.Cli.Output;
using Faafo.Options;

namespace Faafo.Cli;

/// <summary>The options that all commands share, valid before and after the command, and how a command is run with them.</summary>
internal sealed class SharedOptions(Terminal terminal)
{
    /// <summary>Requests that one command has under way at a time.</summary>
    public const int Connections = 8;

    /// <summary><c>--endpoint-url</c>.</summary>
    public Option<Uri> EndpointUrl { get; } = Recursive(ProgramOption.Url("--endpoint-url", "The API", FaafoClient.DefaultEndpoint));

    /// <summary><c>--output</c>.</summary>
    public Option<OutputFormat> Output { get; } =
        Recursive(ProgramOption.Choice("--output", "What stdout is to be: table or json", OutputFormat.Table));

    /// <summary>Makes a command do its work; what the disk or a pipe says against it becomes one sentence.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Takes what was parsed and the session, gives the exit code.</param>
    public Command Run(Command command, Func<ParseResult, CommandContext, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var api = FaafoClient.Connect(parsed.GetValue(EndpointUrl)!, Connections);
            var session = new CommandContext(api, parsed.GetValue(Output), terminal);
            try
            {
                try
                {
                    return await work(parsed, session, cancellationToken);
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
