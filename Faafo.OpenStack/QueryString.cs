using System.Globalization;
using System.Text;

namespace Faafo.OpenStack;

/// <summary>Builds a path with a query: escapes values and omits those that are null.</summary>
internal sealed class QueryString(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _separator = '?';

    public QueryString Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }
        return this;
    }

    public QueryString Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryString Add(string name, bool? value) => Add(name, value switch { true => "true", false => "false", null => null });

    public override string ToString() => _text.ToString();
}
