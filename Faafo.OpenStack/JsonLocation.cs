using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Faafo.OpenStack;

/// <summary>A place in a JSON document: a member of an object, or an item of a list.</summary>
/// <param name="Parent">The object or the list.</param>
/// <param name="Name">The member; <c>null</c> in a list.</param>
/// <param name="Index">The index in a list.</param>
/// <param name="Target">The .NET type that the value is read as; <c>null</c> if that is not known.</param>
internal sealed partial record JsonLocation(JsonNode Parent, string? Name, int Index, Type? Target)
{
    public JsonNode? Value => Name is null ? Parent[Index] : Parent[Name];

    /// <summary>
    /// Finds the innermost existing place of a path as JsonException writes it: <c>$.metadata.readonly</c>,
    /// <c>$['OS-EXT-STS:task_state']</c>, <c>$.addresses.private[0]</c>; <c>null</c> for the document itself.
    /// </summary>
    public static JsonLocation? Find(JsonNode root, JsonTypeInfo type, string path)
    {
        JsonTypeInfo? info = type;
        JsonLocation? found = null;
        JsonNode? node = root;
        foreach (Match step in Steps().Matches(path))
        {
            JsonLocation? next = null;
            if (node is JsonArray list && step.Groups["index"] is { Success: true } digits)
            {
                var index = int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);
                next = index < list.Count ? new JsonLocation(list, null, index, info?.ElementType) : null;
            }
            else if (node is JsonObject members)
            {
                var name = step.Groups["quoted"] is { Success: true } quoted ? quoted.Value : step.Groups["name"].Value;
                var target = info?.Kind == JsonTypeInfoKind.Object
                    ? info.Properties.FirstOrDefault(property => property.Name == name)?.PropertyType
                    : info?.ElementType;
                next = members.ContainsKey(name) ? new JsonLocation(members, name, 0, target) : null;
            }
            if (next is null)
            {
                break;
            }
            found = next;
            node = found.Value;
            info = found.Target is not null && type.Options.TryGetTypeInfo(found.Target, out var inner) ? inner : null;
        }
        return found;
    }

    public void Replace(JsonNode value)
    {
        if (Name is null)
        {
            Parent[Index] = value;
        }
        else
        {
            Parent[Name] = value;
        }
    }

    public void Remove()
    {
        if (Name is null)
        {
            ((JsonArray)Parent).RemoveAt(Index);
        }
        else
        {
            ((JsonObject)Parent).Remove(Name);
        }
    }

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<quoted>.*?)'\]|\[(?<index>[0-9]{1,9})\]")]
    private static partial Regex Steps();
}
