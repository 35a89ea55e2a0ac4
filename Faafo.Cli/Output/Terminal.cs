using System.Text;

namespace Faafo.Cli.Output;

/// <summary>What a command writes to, and its clock.</summary>
/// <param name="Output">Stdout, for data; not flushed by each write.</param>
/// <param name="Error">Stderr, for progress, summaries and complaints.</param>
/// <param name="Bytes">Stdout as bytes, for pictures.</param>
/// <param name="Time">The clock.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Stream Bytes, TimeProvider Time)
{
    /// <summary>Whether a person reads stdout as it comes.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether a person reads stderr as it comes.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Lines that fit on the screen.</summary>
    public Func<int> Rows { get; init; } = () => int.MaxValue;

    /// <summary>The process's own.</summary>
    public static Terminal OfThisProcess()
    {
        const int buffer = 1 << 10;     // every command clears all of it, and most write less
        var bytes = Console.OpenStandardOutput();
        return new Terminal(new StreamWriter(bytes, new UTF8Encoding(false), buffer),
            new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false), 256) { AutoFlush = true }, bytes, TimeProvider.System)
        {
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Rows = () => Console.WindowHeight,
        };
    }
}
