using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack;

/// <summary>
/// Reads a resource of which some values do not follow the API. A value of another kind is converted if it means the same (<c>false</c> for
/// "false", 2.0 for 2); another is read as absent, and reported. Only what is required and cannot be read makes the resource unreadable.
/// </summary>
internal static class LenientReader
{
    private const int MostRepairs = 200;
    private static readonly ConditionalWeakTable<JsonTypeInfo, string[]> RequiredNames = new();

    /// <summary>Reads a resource.</summary>
    /// <param name="element">The resource.</param>
    /// <param name="type">Its JSON type.</param>
    /// <param name="dropped">Receives a line for each value that was read as absent.</param>
    /// <exception cref="JsonException">A required value is missing or cannot be read.</exception>
    public static T Read<T>(JsonElement element, JsonTypeInfo<T> type, Action<string>? dropped)
    {
        try
        {
            if (HasNullItems(element))
            {
                throw new JsonException("a list has an item that is null");
            }
            return FindMissing(element, type) is { } name
                ? throw new JsonException($"there is no '{name}'")
                : element.Deserialize(type) ?? throw new JsonException("the value is null");
        }
        catch (JsonException e) when (element.ValueKind is JsonValueKind.Object)
        {
            return Repair(element, type, e, dropped);
        }
    }

    /// <summary>Names a resource by what can be read of it: for messages.</summary>
    public static string NameOf(JsonElement element)
    {
        var (name, id) = (Json.Text(element, "name"), Json.Text(element, "id"));
        return (name, id) switch
        {
            (null, null) => "an item without a name",
            (null, _) => id,
            (_, null) => $"'{name}'",
            _ => $"'{name}' ({id})",
        };
    }

    private static T Repair<T>(JsonElement element, JsonTypeInfo<T> type, JsonException first, Action<string>? dropped)
    {
        var node = JsonObject.Create(element)!;
        var tries = new Dictionary<string, int>();
        var removed = new List<string>();
        AddUnknownStatus(node, type, removed);
        RemoveNullItems(node, removed);
        var error = first;
        for (var repairs = 0; repairs < MostRepairs; repairs++)
        {
            try
            {
                CheckComplete(node, type);
                var read = node.Deserialize(type) ?? throw new JsonException("the value is null");
                removed.ForEach(path => dropped?.Invoke($"{NameOf(element)}: '{path}' cannot be read"));
                return read;
            }
            catch (JsonException e)
            {
                error = e;
            }
            if (error.Path is not { } path || JsonLocation.Find(node, type, path) is not { } location)
            {
                break;
            }
            var count = tries[path] = tries.GetValueOrDefault(path) + 1;
            if (Replacement(location.Value, count) is { } other)
            {
                location.Replace(other);
            }
            else if (IsNumberOrTruth(location.Target))
            {
                break; // Read as absent it would be zero or false: an answer that the service did not give.
            }
            else
            {
                location.Remove();
                removed.Add(path.TrimStart('$', '.'));
            }
        }
        throw error;
    }

    private static JsonValue? Replacement(JsonNode? value, int count) => count switch
    {
        1 => Equivalent(value),
        2 => Saturated(value),
        _ => null,
    };

    // A limit beyond the range of the property: its largest value is as good.
    private static JsonValue? Saturated(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String or JsonValueKind.Number when TextOf(value) is { } text => Whole(text) switch
        {
            > int.MaxValue => JsonValue.Create(int.MaxValue),
            < int.MinValue => JsonValue.Create(int.MinValue),
            _ => null,
        },
        _ => null,
    };

    // Each API has a status for a state that it does not know; without one the whole list would be lost for one resource.
    private static void AddUnknownStatus<T>(JsonObject node, JsonTypeInfo<T> type, List<string> removed)
    {
        foreach (var name in Required(type).Where(name => name.EndsWith("status", StringComparison.Ordinal)))
        {
            if (node[name] is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
            {
                node[name] = "UNKNOWN";
                removed.Add(name);
            }
        }
    }

    // Numbers and truth values as text and the reverse: Cinder's metadata has false, proxies written in other languages have 2.0 and "2".
    private static JsonValue? Equivalent(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => JsonValue.Create("true"),
        JsonValueKind.False => JsonValue.Create("false"),
        JsonValueKind.Number => FromNumber(value.ToJsonString()),
        JsonValueKind.String when TextOf(value) is { } text => FromText(text),
        _ => null,
    };

    private static string? TextOf(JsonNode value)
    {
        try
        {
            return value.ToString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair.
        }
    }

    private static JsonValue FromNumber(string number) =>
        Whole(number) is { } whole && whole.ToString(CultureInfo.InvariantCulture) != number
            ? JsonValue.Create(whole)
            : JsonValue.Create(number);

    private static JsonValue? FromText(string text)
    {
        if (Whole(text) is { } whole)
        {
            return JsonValue.Create(whole);
        }
        return bool.TryParse(text, out var truth) ? JsonValue.Create(truth) : null;
    }

    private static long? Whole(string number) =>
        decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            && parsed == decimal.Truncate(parsed) && parsed is >= long.MinValue and <= long.MaxValue
                ? (long)parsed
                : null;

    private static bool IsNumberOrTruth(Type? type) => Type.GetTypeCode(type) is >= TypeCode.Boolean and <= TypeCode.Decimal;

    private static bool HasNullItems(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(member => HasNullItems(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Null || HasNullItems(item)),
        _ => false,
    };

    private static void RemoveNullItems(JsonNode? node, List<string> removed)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, value) in members)
            {
                RemoveNullItems(value, removed);
            }
        }
        else if (node is JsonArray items)
        {
            if (items.RemoveAll(item => item is null) > 0)
            {
                removed.Add(items.GetPath().TrimStart('$', '.'));
            }
            foreach (var item in items)
            {
                RemoveNullItems(item, removed);
            }
        }
    }

    private static void CheckComplete<T>(JsonObject node, JsonTypeInfo<T> type)
    {
        if (Required(type).FirstOrDefault(name => node[name] is null) is { } missing)
        {
            throw new JsonException($"there is no '{missing}'");
        }
    }

    // The framework accepts null for what is required, and leaves out a parameter of a record.
    private static string? FindMissing<T>(JsonElement element, JsonTypeInfo<T> type) => element.ValueKind == JsonValueKind.Object
        ? Required(type).FirstOrDefault(name => !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        : null;

    private static string[] Required(JsonTypeInfo type) => RequiredNames.GetValue(type, static info => info.Kind == JsonTypeInfoKind.Object
        ? [.. info.Properties.Where(IsRequired).Select(property => property.Name)]
        : []);

    private static bool IsRequired(JsonPropertyInfo property) => property.IsRequired
        || (!property.PropertyType.IsValueType
            && property.AssociatedParameter is { IsMemberInitializer: false, HasDefaultValue: false, IsNullable: false });
}
