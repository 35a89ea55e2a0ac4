using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack;

/// <summary>
/// Reads lists that services return in pages: Nova, Neutron, Cinder and Octavia put <c>{key}_links</c> beside the list, Keystone and Heat
/// <c>links</c>, Glance <c>next</c>.
/// </summary>
internal static class Paging
{
    /// <summary>
    /// Reads page after page, each only when it is needed. A link that was followed before ends the list. <paramref name="get"/> first
    /// receives our path, then the service's links.
    /// </summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<string, bool, CancellationToken, Task<JsonDocument>> get,
        string path,
        string key,
        JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>();
        for (string? next = path; next is not null && seen.Add(next);)
        {
            using var page = await get(next, seen.Count > 1, cancellationToken).ConfigureAwait(false);
            var items = Json.Member(page.RootElement, key);
            if (items.ValueKind != JsonValueKind.Array)
            {
                throw new JsonException($"'{key}' is not a list");
            }
            foreach (var item in items.EnumerateArray())
            {
                yield return Json.Read(item, null, type);
            }
            next = Next(page.RootElement, key);
        }
    }

    /// <summary>Finds the link to the next page, as the service wrote it.</summary>
    public static string? Next(JsonElement page, string key)
    {
        foreach (var name in (ReadOnlySpan<string>)[key + "_links", "links", "next"])
        {
            if (!page.TryGetProperty(name, out var links))
            {
                continue;
            }
            switch (links.ValueKind)
            {
                case JsonValueKind.String:
                    return links.GetString();
                case JsonValueKind.Object when links.TryGetProperty("next", out var next) && next.ValueKind != JsonValueKind.Null:
                    return Address(next);
                case JsonValueKind.Array:
                    foreach (var link in links.EnumerateArray())
                    {
                        if (link.ValueKind != JsonValueKind.Object)
                        {
                            throw new JsonException($"'{name}' has a link that is not an object");
                        }
                        if (link.TryGetProperty("rel", out var rel) && rel.ValueKind == JsonValueKind.String && rel.ValueEquals("next"))
                        {
                            return Address(link.TryGetProperty("href", out var address) ? address : default);
                        }
                    }
                    break;
            }
        }
        return null;
    }

    // An invalid link is an error: a list that ended there would silently be incomplete.
    private static string Address(JsonElement link) =>
        link.ValueKind == JsonValueKind.String ? link.GetString()! : throw new JsonException("a link to the next page has no address");

    /// <summary>
    /// Resolves a link to its path and query on our own origin. Services behind proxies write the scheme and host that they see. A link may
    /// also lack a prefix that the proxy adds ("/v2/images?marker=" below "/image"), be relative, or be only a query. The origin is always
    /// followed by "/" or "?", so that no link leads to another host.
    /// </summary>
    public static string Resolve(Uri endpoint, string link)
    {
        var origin = endpoint.GetLeftPart(UriPartial.Authority);
        var path = Uri.TryCreate(link, UriKind.Absolute, out var absolute) && absolute.Scheme is "http" or "https"
            ? absolute.PathAndQuery
            : link;
        var prefix = endpoint.AbsolutePath.TrimEnd('/');
        if (!path.StartsWith('/'))
        {
            return origin + prefix + (path.StartsWith('?') ? "" : "/") + path;
        }
        var version = prefix[(prefix.LastIndexOf('/') + 1)..];
        var start = version.Length == 0 ? -1 : path.IndexOf('/' + version + '/', StringComparison.Ordinal);
        return start < 0 || path.StartsWith(prefix + '/', StringComparison.Ordinal)
            ? origin + path
            : origin + prefix + path[(start + version.Length + 1)..];
    }
}
