using Faafo.Cli.Output;

namespace Faafo.Cli;

/// <summary>What a command works with.</summary>
internal sealed record CommandContext(IFaafoApi Api, OutputFormat Format, Terminal Terminal)
{
    /// <summary>Whether stdout takes JSON.</summary>
    public bool IsJson => Format == OutputFormat.Json;

    /// <summary>Stdout.</summary>
    public TextWriter Output => Terminal.Output;

    /// <summary>Stderr.</summary>
    public TextWriter Error => Terminal.Error;

    /// <summary>The clock.</summary>
    public TimeProvider Time => Terminal.Time;
}
