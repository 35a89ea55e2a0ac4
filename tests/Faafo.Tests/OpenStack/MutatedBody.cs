using System.Text.Json.Nodes;

namespace Faafo.Tests.OpenStack;

/// <summary>Bodies that differ from a recorded one in one place, as no service should send them.</summary>
internal static class MutatedBody
{
    /// <summary>The host in links that lead to another one.</summary>
    public const string OtherHost = "evil:1";

    private const string Placeholder = "replaced-by-a-value";

    private static readonly string[] Values =
    [
        "null", "7", "-1", "2.5", "1e400", "99999999999999999999", "\"\"", "\"text\"", "\"\\ud800\"", "\"a/../b\"", "\"@evil:1/x\"",
        "\"//evil:1/x\"", "\"http://evil:1/x\"", "\"http://[\"", "\"file:///etc/passwd\"", "\"0001-01-01T00:00:00+14:00\"", "true",
        "[]", "[null]", "[[]]", "[7]",
        "{}", "{\"href\":7}", "{\"a\":null}",
    ];

    private static readonly string[] Whole =
    [
        "", " ", "null", "7", "\"x\"", "[]", "{}", "[[]]", "[null]", "<html><body>maintenance</body></html>", "{", "{\"a\":", "\u0000",
        "\uFEFF{}", "{\"\\ud800\":1}",
    ];

    /// <summary>Lists bodies: all wrong ones, cuts, and a sample of single changes.</summary>
    /// <param name="body">The recorded body.</param>
    /// <param name="random">Chooses the sample.</param>
    /// <param name="sample">The number of single changes.</param>
    public static IEnumerable<string> Of(string body, Random random, int sample)
    {
        var changes = Changes(body).ToArray();
        random.Shuffle(changes);
        return [.. Whole, body[..(body.Length / 2)], body + "}", Nested(), .. changes.Take(sample)];
    }

    private static string Nested() => new string('[', 200) + new string(']', 200);

    private static IEnumerable<string> Changes(string body)
    {
        var count = Places(JsonNode.Parse(body)!).Count;
        for (var place = 0; place < count; place++)
        {
            foreach (var value in Values)
            {
                var root = JsonNode.Parse(body)!;
                Places(root)[place](Placeholder);
                yield return root.ToJsonString().Replace($"\"{Placeholder}\"", value, StringComparison.Ordinal);
            }
            var without = JsonNode.Parse(body)!;
            Places(without)[place](null);
            yield return without.ToJsonString();
        }
    }

    /// <summary>Finds all members and items; each action replaces its value, or removes it.</summary>
    private static List<Action<string?>> Places(JsonNode node)
    {
        var places = new List<Action<string?>>();
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                places.Add(with => Change(with, () => members.Remove(name), text => members[name] = text));
                places.AddRange(value is null ? [] : Places(value));
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var index = i;
                places.Add(with => Change(with, () => items.RemoveAt(index), text => items[index] = text));
                places.AddRange(items[i] is { } item ? Places(item) : []);
            }
        }
        return places;
    }

    private static void Change(string? value, Action remove, Action<string> replace)
    {
        if (value is null)
        {
            remove();
        }
        else
        {
            replace(value);
        }
    }
}
