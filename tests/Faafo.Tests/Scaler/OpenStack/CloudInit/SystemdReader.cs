using System.Globalization;
using System.Text;

namespace Faafo.Tests.Scaler.OpenStack.CloudInit;

/// <summary>
/// Reads what systemd reads, as systemd.exec(5), systemd.service(5) and systemd.syntax(7) describe it: the values of an EnvironmentFile,
/// and the words of ExecStart. What it does not expect is an error: a value that is not quoted must not pass unnoticed.
/// </summary>
internal static class SystemdReader
{
    private const string EscapedBetweenQuotes = "\"\\`$";

    /// <summary>Reads the variables of an EnvironmentFile, each written as NAME="value".</summary>
    public static IReadOnlyDictionary<string, string> ReadEnvironment(string file)
    {
        var variables = new Dictionary<string, string>();
        for (var i = 0; i < file.Length;)
        {
            var equals = file.IndexOf('=', i);
            var name = file[i..equals];
            var (value, end) = ReadQuoted(file, equals + 1);
            Expect(file[end] == '\n', $"text after the value of {name}");
            variables.Add(name, value);
            i = end + 1;
        }
        return variables;
    }

    /// <summary>Splits a command line into its words, and expands specifiers and variables.</summary>
    public static IReadOnlyList<string> ReadCommand(string line)
    {
        Expect(!line.Contains('\n', StringComparison.Ordinal) && !line.EndsWith('\\'), "several lines");
        var words = new List<string>();
        for (var i = 0; i < line.Length;)
        {
            if (line[i] == ' ')
            {
                i++;
                continue;
            }
            var (word, end) = line[i] == '"' ? ReadEscaped(line, i + 1) : ReadPlain(line, i);
            words.Add(Expand(word));
            i = end;
        }
        return words;
    }

    private static (string, int) ReadQuoted(string text, int start)
    {
        Expect(text[start] == '"', "a value without quotes");
        var value = new StringBuilder();
        for (var i = start + 1; ; i++)
        {
            switch (text[i])
            {
                case '"':
                    return (value.ToString(), i + 1);
                case '\\' when EscapedBetweenQuotes.Contains(text[i + 1], StringComparison.Ordinal):
                    value.Append(text[++i]);
                    break;
                case '\\' when text[i + 1] == '\n':
                    i++;
                    break;
                default:
                    value.Append(text[i]);
                    break;
            }
        }
    }

    private static (string, int) ReadPlain(string line, int start)
    {
        var end = line.IndexOf(' ', start) is > 0 and var space ? space : line.Length;
        Expect(line[start..end].All(one => one is not ('"' or '\'' or '\\')), "quotes in the middle of a word");
        return (line[start..end], end);
    }

    private static (string, int) ReadEscaped(string line, int start)
    {
        var word = new StringBuilder();
        for (var i = start; ; i++)
        {
            if (line[i] == '"')
            {
                Expect(i + 1 == line.Length || line[i + 1] == ' ', "text after a quoted word");
                return (word.ToString(), i + 1);
            }
            if (line[i] != '\\')
            {
                word.Append(line[i]);
                continue;
            }
            var digits = line[++i] switch { 'u' => 4, 'U' => 8, '"' or '\\' => 0, _ => throw new FormatException("an unknown escape") };
            word.Append(digits == 0 ? line[i].ToString() : char.ConvertFromUtf32(
                int.Parse(line.AsSpan(i + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
            i += digits;
        }
    }

    private static string Expand(string word)
    {
        var expanded = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] is '%' or '$')
            {
                Expect(i + 1 < word.Length && word[i + 1] == word[i], "a specifier or variable");
                i++;
            }
            expanded.Append(word[i]);
        }
        return expanded.ToString();
    }

    private static void Expect(bool holds, string unexpected)
    {
        if (!holds)
        {
            throw new FormatException(unexpected);
        }
    }
}
