using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Faafo.Options;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>
/// Cloud-init user data from the templates beside this file (https://cloudinit.readthedocs.io, modules write_files and runcmd).
/// A placeholder <c>{{name}}</c> stands for a value; all lines of a value get the indentation of the placeholder.
/// </summary>
internal static partial class UserDataTemplate
{
    /// <summary>The most bytes of user data; some clouds accept no more.</summary>
    public const int Limit = 16 * 1024;

    /// <summary>Fills a template.</summary>
    /// <param name="template">The name of its file without the extension.</param>
    /// <param name="values">A value for each placeholder.</param>
    /// <exception cref="InvalidOperationException">A placeholder has no value.</exception>
    /// <exception cref="FailureException">A value cannot be part of a file, or the result is too long.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        var filled = Placeholder().Replace(Read(template), match =>
        {
            var name = match.Groups["name"].Value;
            var indent = match.Groups["indent"].Value;
            if (!values.TryGetValue(name, out var value))
            {
                throw new InvalidOperationException($"{template}.yaml has no value for {name}");
            }
            return indent + Lines(name, value).Replace("\n", "\n" + indent, StringComparison.Ordinal);
        });
        var length = Encoding.UTF8.GetByteCount(filled);
        if (length > Limit)
        {
            throw new FailureException($"the user data of an instance must be at most {Limit} bytes (got {length} with {template}.yaml): "
                + "shorten the URLs in flock.yaml");
        }
        return filled;
    }

    // The files are literal blocks of YAML: a line break of another kind would become a line feed, and other control characters are
    // rejected by the reader (yaml.org/spec/1.1, 5.1 and 5.4).
    private static string Lines(string name, string value)
    {
        foreach (var rune in value.EnumerateRunes())
        {
            var isControl = Rune.IsControl(rune) && rune.Value is not ('\n' or '\t');
            if (isControl || rune.Value is 0x2028 or 0x2029 or 0xFEFF or 0xFFFD or 0xFFFE or 0xFFFF)
            {
                throw new FailureException(string.Create(
                    CultureInfo.InvariantCulture, $"{name} contains the character U+{rune.Value:X4}: check the URLs in flock.yaml"));
            }
        }
        return value;
    }

    private static string Read(string template)
    {
        using var stream = typeof(UserDataTemplate).Assembly.GetManifestResourceStream($"CloudInit.{template}.yaml")
            ?? throw new InvalidOperationException($"there is no template {template}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(?<indent>(?<=^|\n)[ ]*)?\{\{(?<name>[a-z0-9_]+)\}\}")]
    private static partial Regex Placeholder();
}
