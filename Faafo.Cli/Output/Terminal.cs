using System.Text;

namespace Faafo.Cli.Output;

/// <summary>The output streams and the clock of a command.</summary>
/// <param name="Output">Stdout, for data; not flushed by each write.</param>
/// <param name="Error">Stderr, for progress, summaries and errors.</param>
/// <param name="Bytes">Stdout as bytes, for pictures.</param>
/// <param name="Time">The clock.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, Stream Bytes, TimeProvider Time)
{
    /// <summary>Whether stdout is a terminal.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether stderr is a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Returns the number of lines on the screen.</summary>
    public Func<int> Rows { get; init; } = () => int.MaxValue;

    /// <summary>Creates the terminal of this process.</summary>
    public static Terminal OfThisProcess()
    {
        const int buffer = 1 << 10;     // each command clears the whole buffer, and most write less
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
