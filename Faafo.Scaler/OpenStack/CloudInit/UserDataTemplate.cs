using System.Text;
using System.Text.RegularExpressions;

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
    /// <exception cref="InvalidOperationException">A placeholder has no value, or the result is too long.</exception>
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
            return indent + value.ReplaceLineEndings("\n" + indent);
        });
        var length = Encoding.UTF8.GetByteCount(filled);
        if (length > Limit)
        {
            throw new InvalidOperationException($"the user data from {template}.yaml must be at most {Limit} bytes (got {length})");
        }
        return filled;
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
