using System.Text;
using System.Text.RegularExpressions;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>
/// Writes any text as one value of the languages that user data consists of, so that their readers get the same text again. A text that a
/// language cannot hold is a <see cref="FormatException"/>.
/// </summary>
internal static partial class Quote
{
    private const int FirstBeyondAscii = 0x7F;

    /// <summary>A scalar of YAML between double quotes (yaml.org/spec/1.1, 5.6 and 9.1), in ASCII.</summary>
    public static string Yaml(string text) => Escape(text, "\"\\", rune => rune.IsBmp ? $"\\u{rune.Value:X4}" : $"\\U{rune.Value:X8}");

    /// <summary>A word of a POSIX shell between single quotes, in which nothing has a meaning but the quote itself.</summary>
    public static string Shell(string text) => $"'{Text(text).Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>
    /// A value of systemd's EnvironmentFile (systemd.exec(5)). Between double quotes it expands nothing, and a backslash escapes the two
    /// characters that have a meaning.
    /// </summary>
    public static string EnvironmentValue(string text)
    {
        if (text.Any(char.IsControl))
        {
            throw new FormatException("must be one line without control characters");
        }
        return $"\"{Text(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>
    /// A word of systemd's ExecStart (systemd.service(5), "Command lines"): unquoted with C's escapes, then specifiers (%) and variables
    /// ($) are expanded.
    /// </summary>
    public static string UnitArgument(string text) => PlainWord().IsMatch(text)
        ? text
        : Escape(text, "\"\\", rune => rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}")
            .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>
    /// A word of HAProxy's configuration (docs.haproxy.org/2.6/configuration.html, 2.2): between double quotes variables are expanded, so
    /// the dollar is escaped as well.
    /// </summary>
    public static string HAProxy(string text) => PlainWord().IsMatch(text) ? text : Escape(text, "\"\\$", Bytes);

    private static string Escape(string text, string special, Func<Rune, string> encode)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in Text(text).EnumerateRunes())
        {
            if (rune.Value is < ' ' or >= FirstBeyondAscii)
            {
                quoted.Append(encode(rune));
                continue;
            }
            if (special.Contains((char)rune.Value, StringComparison.Ordinal))
            {
                quoted.Append('\\');
            }
            quoted.Append((char)rune.Value);
        }
        return quoted.Append('"').ToString();
    }

    private static string Bytes(Rune rune)
    {
        var utf8 = new byte[rune.Utf8SequenceLength];
        rune.EncodeToUtf8(utf8);
        return string.Concat(utf8.Select(one => $"\\x{one:x2}"));
    }

    // None of the programs that read these values can hold a NUL, and half of a surrogate pair is no character.
    private static string Text(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new FormatException("contains the character U+0000");
        }
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
            {
                throw new FormatException("is not valid Unicode");
            }
        }
        return text;
    }

    [GeneratedRegex(@"^[0-9a-zA-Z_*./:=@,+-]+\z")]
    private static partial Regex PlainWord();
}
