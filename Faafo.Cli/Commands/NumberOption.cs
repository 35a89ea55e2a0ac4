using System.CommandLine;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary>Three options for one number: <c>--NAME</c>, or <c>--min-NAME</c> and <c>--max-NAME</c> for a random one.</summary>
internal sealed class NumberOption<T>(string name, string description, T min, T max, Func<string, string, T> parse)
    : IEnumerable<Option> where T : struct
{
    private readonly Option<T?> _given = ProgramOption.Of<T?>($"--{name}", description, text => parse(text, $"--{name}"), () => null);
    private readonly Option<T> _min = Of($"--min-{name}", $"One end of the range to draw {name} from", min, parse);
    private readonly Option<T> _max = Of($"--max-{name}", $"The other end of the range to draw {name} from", max, parse);

    /// <summary>The name without dashes.</summary>
    public string Name => name;

    /// <summary>Reads both ends of the range; equal if the number is given.</summary>
    public (T Min, T Max) Read(ParseResult parsed) =>
        parsed.GetValue(_given) is { } given ? (given, given) : (parsed.GetValue(_min), parsed.GetValue(_max));

    /// <summary>Enumerates the three options.</summary>
    public IEnumerator<Option> GetEnumerator() => ((IEnumerable<Option>)[_given, _min, _max]).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    private static Option<T> Of(string name, string description, T value, Func<string, string, T> parse) =>
        ProgramOption.Of(name, description, text => parse(text, name), () => value);
}
