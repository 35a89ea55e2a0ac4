using System.Globalization;
using System.Text.RegularExpressions;
using Faafo.Options;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler.Spec;

/// <summary>Reads typed values from YAML; every error has file, line, column, field, limit and value.</summary>
/// <param name="path">The name of the file, for errors.</param>
internal sealed partial class YamlFields(string path)
{
    /// <summary>The entries of a mapping, whose keys must all be known.</summary>
    /// <param name="node">The mapping; an empty value has no entries, so that <c>worker:</c> alone keeps the defaults.</param>
    /// <param name="what">The name of the mapping, for errors.</param>
    /// <param name="known">The known keys.</param>
    /// <exception cref="UsageException">It is no mapping, or has an unknown key.</exception>
    public IEnumerable<(string Name, YamlNode Value)> Entries(YamlNode node, string what, params string[] known)
    {
        if (node is YamlScalarNode { Value: "" or null })
        {
            return [];
        }
        if (node is not YamlMappingNode mapping)
        {
            throw Error(node.Start, $"{what} must be keys with values (got a {KindOf(node)})");
        }
        return mapping.Children.Select(entry =>
        {
            var name = (entry.Key as YamlScalarNode)?.Value ?? "";
            if (!known.Contains(name))
            {
                throw Error(entry.Key.Start, $"unknown key '{name}' in {what}; known keys: {string.Join(", ", known)}");
            }
            return (name, entry.Value);
        });
    }

    /// <summary>A text that is not empty.</summary>
    public string Text(YamlNode node, string field)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } text })
        {
            return text;
        }
        throw Error(node.Start, $"{field} must be text (got {(node is YamlScalarNode ? "nothing" : $"a {KindOf(node)}")})");
    }

    /// <summary>A list of texts, or one text.</summary>
    public IReadOnlyList<string> Texts(YamlNode node, string field) =>
        node is YamlSequenceNode list ? [.. list.Children.Select(child => Text(child, field))] : [Text(node, field)];

    /// <summary>A text that matches a pattern.</summary>
    public string Matching(YamlNode node, string field, Regex pattern, string description)
    {
        var text = Text(node, field);
        return pattern.IsMatch(text) ? text : throw Error(node.Start, $"{field} must be {description} (got '{text}')");
    }

    /// <summary>One of several words.</summary>
    public T OneOf<T>(YamlNode node, string field, params (string Word, T Value)[] choices)
    {
        var text = Text(node, field);
        foreach (var (word, value) in choices)
        {
            if (word == text)
            {
                return value;
            }
        }
        var words = choices.Select(choice => choice.Word).ToArray();
        throw Error(node.Start, $"{field} must be {string.Join(", ", words[..^1])} or {words[^1]} (got '{text}')");
    }

    /// <summary>True or false; yes and no as well.</summary>
    public bool Flag(YamlNode node, string field)
    {
        var text = Text(node, field);
        return text switch
        {
            "true" or "yes" => true,
            "false" or "no" => false,
            _ => throw Error(node.Start, $"{field} must be true or false (got '{text}')"),
        };
    }

    /// <summary>A whole number within limits.</summary>
    public int WholeNumber(YamlNode node, string field, int least, int most)
    {
        if (Options.Number.TryWhole(Text(node, field), out var number) && number >= least && number <= most)
        {
            return number;
        }
        throw Error(node.Start, $"{field} must be a whole number from {least} to {most} (got '{node}')");
    }

    /// <summary>A number within limits.</summary>
    public double Number(YamlNode node, string field, double least, double most)
    {
        if (Options.Number.TryReal(Text(node, field), out var number) && number >= least && number <= most)
        {
            return number;
        }
        throw Error(node.Start, string.Create(
            CultureInfo.InvariantCulture, $"{field} must be a number from {least} to {most} (got '{node}')"));
    }

    /// <summary>A time within limits.</summary>
    public TimeSpan Time(YamlNode node, string field, TimeSpan least, TimeSpan most)
    {
        var time = ParseTime(node, field);
        if (time >= least && time <= most)
        {
            return time;
        }
        throw Error(node.Start, string.Create(
            CultureInfo.InvariantCulture, $"{field} must be from {least.TotalSeconds}s to {most.TotalSeconds}s (got '{node}')"));
    }

    /// <summary>A path, in which <c>~/</c> is the user's folder.</summary>
    public string FilePath(YamlNode node, string field)
    {
        var text = Text(node, field);
        return text.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), text[2..]) : text;
    }

    /// <summary>An error with its place in the file.</summary>
    public UsageException Error(Mark at, string message) => new($"{path}:{at.Line}:{at.Column}: {message}");

    private TimeSpan ParseTime(YamlNode node, string field)
    {
        try
        {
            return Duration.Parse(Text(node, field), field);
        }
        catch (FormatException e)
        {
            throw Error(node.Start, e.Message);
        }
    }

    private static string KindOf(YamlNode node) => node switch
    {
        YamlMappingNode => "mapping",
        YamlSequenceNode => "list",
        _ => "single value",
    };
}
