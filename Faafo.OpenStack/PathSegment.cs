using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Faafo.OpenStack;

/// <summary>
/// Checks and escapes what becomes one segment of a path: ids, and names that a service accepts as ids. Without the check an empty id would
/// address the whole list, "a/b" another resource, "x?force=true" would add a query, and ".." would leave the collection.
/// </summary>
internal static class PathSegment
{
    /// <summary>Escapes an id or a name for a path.</summary>
    /// <param name="value">The id or name, unescaped.</param>
    /// <param name="name">The name of the parameter that has it.</param>
    /// <exception cref="ArgumentException">It cannot be one segment of a path.</exception>
    public static string Of(string? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        IsValid(value) ? Uri.EscapeDataString(value) : throw new ArgumentException(
            $"{name} must be an id or a name without '/', '\\', '?', '#' and control characters, and not empty, '.' or '..' "
            + $"(got {(value is null ? "null" : $"'{Printable(value)}'")})",
            name);

    /// <summary>Refuses an id that stands elsewhere in a request, as in a filter or a body.</summary>
    /// <exception cref="ArgumentException">It is no id.</exception>
    public static void Check(string? value, [CallerArgumentExpression(nameof(value))] string? name = null) => Of(value, name);

    /// <summary>Checks whether a text can be one segment of a path.</summary>
    public static bool IsValid([NotNullWhen(true)] string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || value is "." or "..")
        {
            return false;
        }
        foreach (var character in value)
        {
            if (character is '/' or '\\' or '?' or '#' || char.IsControl(character))
            {
                return false;
            }
        }
        return true;
    }

    private static string Printable(string value) =>
        string.Create(value.Length, value, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
            }
        });
}
