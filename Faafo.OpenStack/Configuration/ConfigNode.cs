using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Faafo.OpenStack;

/// <summary>A value in a configuration file with its place: a text, a list or a mapping.</summary>
internal sealed class ConfigNode(string file, long line)
{
    public string File => file;

    public long Line => line;

    public string? Text { get; private init; }

    public IReadOnlyList<ConfigNode> Items { get; private init; } = [];

    public IReadOnlyDictionary<string, ConfigNode> Members { get; private init; } = new Dictionary<string, ConfigNode>();

    public static ConfigNode FromText(string file, string text) => new(file, 0) { Text = text };

    public static ConfigNode FromMembers(string file, IReadOnlyDictionary<string, ConfigNode> members) =>
        new(file, 0) { Members = members };

    /// <summary>Reads YAML, of which JSON is a subset.</summary>
    public static ConfigNode Read(string file)
    {
        try
        {
            using var reader = System.IO.File.OpenText(file);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents.Count == 0 ? new ConfigNode(file, 1) : Convert(file, stream.Documents[0].RootNode);
        }
        catch (YamlException e)
        {
            throw new CloudConfigException($"invalid YAML: {e.Message}", file, e.Start.Line, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudConfigException($"cannot be read: {e.Message}", file, 0, e);
        }
    }

    /// <summary>Merges mappings member by member; any other value in <paramref name="over"/> replaces the one under it.</summary>
    public static ConfigNode Merge(ConfigNode under, ConfigNode over)
    {
        if (under.Members.Count == 0 || over.Members.Count == 0)
        {
            return over is { Text: null, Items.Count: 0, Members.Count: 0 } ? under : over;
        }
        var members = new Dictionary<string, ConfigNode>(under.Members);
        foreach (var (key, value) in over.Members)
        {
            members[key] = members.TryGetValue(key, out var below) ? Merge(below, value) : value;
        }
        return new ConfigNode(over.File, over.Line) { Members = members };
    }

    /// <summary>Gets the text of a member; <c>null</c> if it is missing or empty.</summary>
    public string? Get(string key) => Members.TryGetValue(key, out var node) && !string.IsNullOrEmpty(node.Text) ? node.Text : null;

    public ConfigNode Without(string key) =>
        new(File, Line) { Members = Members.Where(member => member.Key != key).ToDictionary() };

    /// <summary>Renames members with <paramref name="rename"/>; a member that already has the new name wins.</summary>
    public ConfigNode Rename(Func<string, string> rename)
    {
        var members = new Dictionary<string, ConfigNode>();
        foreach (var (key, value) in Members.OrderBy(member => rename(member.Key) == member.Key))
        {
            members[rename(key)] = value;
        }
        return new ConfigNode(File, Line) { Text = Text, Items = Items, Members = members };
    }

    /// <summary>
    /// Renames members with <paramref name="rename"/>; of several with one new name the last in the file wins, but "interface" comes before
    /// all others, as among openstacksdk's defaults.
    /// </summary>
    public ConfigNode RenameInOrder(Func<string, string> rename)
    {
        var members = new Dictionary<string, ConfigNode>();
        foreach (var (key, value) in Members.OrderBy(member => member.Key != "interface"))
        {
            members[rename(key)] = value;
        }
        return new ConfigNode(File, Line) { Text = Text, Items = Items, Members = members };
    }

    public ConfigNode With(string key, ConfigNode value) =>
        new(File, Line) { Members = new Dictionary<string, ConfigNode>(Members) { [key] = value } };

    private static ConfigNode Convert(string file, YamlNode node) => node switch
    {
        YamlScalarNode scalar => new ConfigNode(file, scalar.Start.Line) { Text = IsNull(scalar) ? null : scalar.Value },
        YamlSequenceNode sequence => new ConfigNode(file, sequence.Start.Line)
        {
            Items = [.. sequence.Children.Select(child => Convert(file, child))],
        },
        YamlMappingNode mapping => ConvertMapping(file, mapping),
        _ => throw new CloudConfigException("an alias without an anchor", file, node.Start.Line),
    };

    private static ConfigNode ConvertMapping(string file, YamlMappingNode mapping)
    {
        var members = new Dictionary<string, ConfigNode>();
        var merged = new List<ConfigNode>();
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value
                ?? throw new CloudConfigException("a key is not a text", file, key.Start.Line);
            var node = Convert(file, value);
            if (name == "<<")
            {
                merged.AddRange(node.Items.Count > 0 ? node.Items : [node]);
            }
            else
            {
                members[name] = node;
            }
        }
        foreach (var (key, value) in merged.SelectMany(node => node.Members))
        {
            members.TryAdd(key, value);
        }
        return new ConfigNode(file, mapping.Start.Line) { Members = members };
    }

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null" or "Null" or "NULL";
}
