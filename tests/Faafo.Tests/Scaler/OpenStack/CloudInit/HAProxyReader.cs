using System.Globalization;
using System.Text;

namespace Faafo.Tests.Scaler.OpenStack.CloudInit;

/// <summary>Cuts a line of HAProxy's configuration into words, as its manual describes it (configuration.txt, 2.2).</summary>
internal static class HAProxyReader
{
    public static IReadOnlyList<string> ReadLine(string line)
    {
        var words = new List<string>();
        List<byte>? word = null;
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '\n' or '\r' or '\0':
                    throw new FormatException("the end of a line");
                case '"':
                    isQuoted = !isQuoted;
                    word ??= [];
                    break;
                case '\'' when !isQuoted:
                    throw new FormatException("strong quotes");
                case '$' when isQuoted:
                    throw new FormatException("a variable");
                case '#' when !isQuoted:
                    throw new FormatException("a comment");
                case ' ' or '\t' when !isQuoted:
                    Add();
                    break;
                case '\\':
                    i++;
                    word ??= [];
                    if (line[i] == 'x')
                    {
                        word.Add(byte.Parse(line.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                        i += 2;
                        break;
                    }
                    word.AddRange(line[i] switch { 'n' => "\n"u8, 'r' => "\r"u8, 't' => "\t"u8, var one => [(byte)one] });
                    break;
                default:
                    word ??= [];
                    word.AddRange(Encoding.UTF8.GetBytes([line[i]]));
                    break;
            }
        }
        Add();
        return isQuoted ? throw new FormatException("an open quote") : words;

        void Add()
        {
            if (word is not null)
            {
                words.Add(Encoding.UTF8.GetString([.. word]));
            }
            word = null;
        }
    }
}
