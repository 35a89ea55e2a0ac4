using System.Text;
using System.Text.RegularExpressions;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>
/// Cloud-init user data from the templates beside this file (https://cloudinit.readthedocs.io, module write_files and runcmd).
/// <c>{{name}}</c> stands for a value; what is written into several lines keeps the indentation of its first.
/// </summary>
internal static partial class UserDataTemplate
{
    /// <summary>Most bytes that user data may have here; some clouds take no more.</summary>
    public const int Limit = 16 * 1024;

    /// <summary>Fills a template.</summary>
    /// <param name="template">Its file's name without the ending.</param>
    /// <param name="values">A value for each placeholder.</param>
    /// <exception cref="InvalidOperationException">A placeholder has no value, or the result is too long.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        var filled = Placeholder().Replace(Read(template), match => values.TryGetValue(match.Groups["name"].Value, out var value)
            ? value.ReplaceLineEndings("\n" + match.Groups["indent"].Value).Insert(0, match.Groups["indent"].Value)
            : throw new InvalidOperationException($"{template}.yaml has no value for {match.Groups["name"].Value}"));
        return Encoding.UTF8.GetByteCount(filled) <= Limit ? filled
            : throw new InvalidOperationException($"the user data from {template}.yaml are longer than {Limit} bytes");
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
