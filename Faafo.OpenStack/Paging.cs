using System.Diagnostics.CodeAnalysis;
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
        Action<string>? dropped,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>();
        var unreadable = new List<string>();
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
                if (TryRead(item, type, dropped, unreadable, out var read))
                {
                    yield return read;
                }
            }
            next = Json.Guard(() => Next(page.RootElement, key));
        }
        if (unreadable.Count > 0)
        {
            // At the end, so that the others can be used; but a list that lacks an item is not the whole one.
            throw new JsonException($"{unreadable.Count} of '{key}' cannot be read: {string.Join("; ", unreadable)}");
        }
    }

    private static bool TryRead<T>(
        JsonElement item, JsonTypeInfo<T> type, Action<string>? dropped, List<string> unreadable, [MaybeNullWhen(false)] out T read)
    {
        try
        {
            read = Json.Guard(() => Json.Read(item, null, type, dropped));
            return true;
        }
        catch (JsonException e)
        {
            unreadable.Add($"{LenientReader.NameOf(item)}: {e.Message}");
            read = default;
            return false;
        }
    }

    /// <summary>Finds the link to the next page, as the service wrote it.</summary>
    public static string? Next(JsonElement page, string key)
    {
        foreach (var name in (ReadOnlySpan<string>)[key + "_links", "links", "next"])
        {
            if (page.ValueKind != JsonValueKind.Object || !page.TryGetProperty(name, out var links))
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
    /// Resolves a link as a URI against the endpoint, and keeps our own scheme and host, so that the token does not leave it: services
    /// behind proxies write those that they see. A link may also lack a prefix that the proxy adds ("/v2/images?marker=" below "/image").
    /// </summary>
    /// <exception cref="JsonException">The link is malformed or leads to another host.</exception>
    public static Uri Resolve(Uri endpoint, string link)
    {
        var prefix = endpoint.AbsolutePath.TrimEnd('/');
        var start = new Uri(endpoint.GetLeftPart(UriPartial.Authority) + prefix + (link.StartsWith('?') ? "" : "/"));
        if (!Uri.TryCreate(start, link, out var target) || target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0)
        {
            throw new JsonException($"the link to the next page '{link}' is not an address");
        }
        var path = target.PathAndQuery;
        var version = prefix[(prefix.LastIndexOf('/') + 1)..];
        var index = version.Length == 0 ? -1 : path.IndexOf('/' + version + '/', StringComparison.Ordinal);
        if (index >= 0 && !path.StartsWith(prefix + '/', StringComparison.Ordinal))
        {
            path = prefix + path[(index + version.Length + 1)..];
        }
        return Uri.TryCreate(endpoint.GetLeftPart(UriPartial.Authority) + path, UriKind.Absolute, out var address)
            && address.Authority == endpoint.Authority && address.Scheme == endpoint.Scheme
            ? address
            : throw new JsonException($"the link to the next page '{link}' does not lead to {endpoint.Authority}");
    }
}
