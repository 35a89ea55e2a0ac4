using Faafo.Cli.Output;

namespace Faafo.Cli;

/// <summary>The API, the output format and the terminal of a command.</summary>
internal sealed record CommandContext(IFaafoApi Api, OutputFormat Format, Terminal Terminal)
{
    /// <summary>Whether stdout is JSON.</summary>
    public bool IsJson => Format == OutputFormat.Json;

    /// <summary>Stdout.</summary>
    public TextWriter Output => Terminal.Output;

    /// <summary>Stderr.</summary>
    public TextWriter Error => Terminal.Error;

    /// <summary>The clock.</summary>
    public TimeProvider Time => Terminal.Time;
}
