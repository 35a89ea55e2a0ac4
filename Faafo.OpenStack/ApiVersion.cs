using System.Text.Json;

namespace Faafo.OpenStack;

/// <summary>One version of a service's API, as its root document lists it.</summary>
/// <param name="Id">The version, such as <c>v2.1</c>.</param>
/// <param name="Status">CURRENT, SUPPORTED, DEPRECATED or EXPERIMENTAL; stable at Keystone.</param>
/// <param name="MinMicroversion">The first microversion, or <c>null</c> if the service has none.</param>
/// <param name="MaxMicroversion">The last microversion, or <c>null</c> if the service has none.</param>
/// <param name="Path">The path of the version's address; behind a proxy its host may be wrong.</param>
public sealed record ApiVersion(string Id, string? Status, string? MinMicroversion, string? MaxMicroversion, string? Path)
{
    /// <summary>The version's whole address, with the host that the service sees.</summary>
    internal Uri? Self { get; init; }

    /// <summary>
    /// Reads a version document in any of its shapes: <c>{"versions":[...]}</c>, <c>{"versions":{"values":[...]}}</c> (Keystone, with
    /// status 300) or <c>{"version":{...}}</c>. Nova calls the last microversion "version", others "max_version".
    /// </summary>
    /// <exception cref="JsonException">It is not a version document.</exception>
    internal static IReadOnlyList<ApiVersion> ReadAll(JsonElement document)
    {
        if (document.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("the body is not a version document");
        }
        if (document.TryGetProperty("version", out var one) && one.ValueKind == JsonValueKind.Object)
        {
            return [Read(one)];
        }
        var list = Json.Member(document, "versions");
        list = list.ValueKind == JsonValueKind.Object ? Json.Member(list, "values") : list;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw new JsonException("there is no list of versions");
        }
        return [.. list.EnumerateArray().Select(
            item => item.ValueKind == JsonValueKind.Object ? Read(item) : throw new JsonException("a version is not an object"))];
    }

    /// <summary>Compares microversions by their numbers: 2.9 comes before 2.10.</summary>
    internal static Version Parse(string microversion) =>
        Version.TryParse(microversion, out var version)
            ? version
            : throw new OpenStackException($"'{microversion}' is not a microversion, such as 2.79");

    /// <summary>Checks whether a microversion is known to be <paramref name="first"/> or later.</summary>
    internal static bool Includes(string? microversion, Version first) =>
        microversion == "latest" || (microversion is not null && Parse(microversion) >= first);

    private static ApiVersion Read(JsonElement version)
    {
        var self = SelfOf(version);
        return new(
            Text(version, "id") ?? "",
            Text(version, "status"),
            Text(version, "min_version"),
            Text(version, "max_version") ?? Text(version, "version"),
            self?.AbsolutePath.TrimEnd('/'))
        {
            Self = self,
        };
    }

    private static Uri? SelfOf(JsonElement version)
    {
        if (!version.TryGetProperty("links", out var links) || links.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        var self = links.EnumerateArray().FirstOrDefault(link => Text(link, "rel") == "self");
        return Uri.TryCreate(Text(self, "href"), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
    }

    private static string? Text(JsonElement element, string name) =>
        Json.Text(element, name) is { Length: > 0 } text ? text : null;
}
