namespace Faafo.OpenStack;

/// <summary>
/// The merged settings of one cloud, with the precedence of openstacksdk (openstack/config/loader.py): what describes projects, domains and
/// tokens counts beside <c>auth</c> before inside it (_fix_backwards_auth), everything else inside it first (_validate_auth).
/// </summary>
/// <param name="name">The name of the cloud, for messages.</param>
/// <param name="cloud">The settings.</param>
/// <param name="region">The chosen region; <c>null</c> for none.</param>
/// <param name="home">The directory that <c>~</c> stands for.</param>
internal sealed class CloudSettings(string name, ConfigNode cloud, string? region, string home)
{
    private readonly ConfigNode _auth = cloud.Members.TryGetValue("auth", out var auth) ? auth : cloud;

    public string? Region => region;

    public string? File => cloud.File;

    /// <summary>The settings beside <c>auth</c>.</summary>
    public ConfigNode Cloud => cloud;

    /// <summary>The names of the settings inside <c>auth</c>.</summary>
    public IEnumerable<string> AuthKeys => _auth == cloud ? [] : _auth.Members.Keys;

    /// <summary>Gets a setting: inside <c>auth</c>, or else beside it.</summary>
    public string? Get(string key) => _auth.Get(key) ?? cloud.Get(key);

    /// <summary>Gets a setting: beside <c>auth</c>, or else inside it.</summary>
    public string? GetOuter(string key) => cloud.Get(key) ?? _auth.Get(key);

    /// <summary>Gets a setting that must not be missing.</summary>
    public string Require(string key) => Get(key) ?? throw Wrong(key, "is missing (it may be in secure.yaml)");

    /// <summary>Gets a setting in which <c>{region_name}</c> and other names of settings stand for their values.</summary>
    public string? GetExpanded(string key)
    {
        var text = Get(key);
        if (text is null || text.AsSpan().IndexOfAny('{', '}') < 0)
        {
            return text;
        }
        var expanded = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('{' or '}'))
            {
                expanded.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == text[i])
            {
                expanded.Append(text[i++]); // {{ and }} stand for single braces.
            }
            else
            {
                var end = text[i] == '{' ? text.IndexOf('}', i) : -1;
                if (end < 0)
                {
                    throw Wrong(key, $"is '{text}': a brace without its pair; write {{{{ or }}}} for a single one");
                }
                expanded.Append(ValueOf(key, text, text[(i + 1)..end]));
                i = end;
            }
        }
        return expanded.ToString();
    }

    /// <summary>Gets a setting that is the address of a service.</summary>
    public Uri? GetAddress(string key)
    {
        var text = GetExpanded(key);
        if (text is null)
        {
            return null;
        }
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw Wrong(key, $"is '{text}'; it must be an http or https address");
    }

    /// <summary>Gets a setting that is the path of a file, with <c>~</c> for the home directory.</summary>
    public string? GetPath(string key) => GetExpanded(key) switch
    {
        "~" => home,
        { } path when path.StartsWith("~/", StringComparison.Ordinal) => Path.Combine(home, path[2..]),
        var path => path,
    };

    /// <summary>Gets a setting that is true or false; <c>null</c> if it is missing.</summary>
    public bool? GetFlag(string key) => cloud.Get(key) is { } text ? Flag(key, text) : null;

    /// <summary>Reads true or false.</summary>
    public bool Flag(string key, string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "1" or "Y" => true,
        "FALSE" or "NO" or "OFF" or "0" or "N" => false,
        _ => throw Wrong(key, $"is '{text}'; it must be true or false"),
    };

    /// <summary>Creates the error for a setting, with its place.</summary>
    public CloudConfigException Wrong(string key, string problem)
    {
        var where = _auth.Members.GetValueOrDefault(key) ?? cloud.Members.GetValueOrDefault(key) ?? cloud;
        return new CloudConfigException($"cloud '{name}': {key} {problem}", where.File, where.Line);
    }

    private string ValueOf(string key, string text, string placeholder) =>
        (placeholder == "region_name" ? region : cloud.Get(placeholder)) ?? throw Wrong(
            key, $"is '{text}', but {placeholder} is not set: set it, or write the value in place of {{{placeholder}}}");
}
