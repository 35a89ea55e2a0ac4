using System.Net;

namespace Faafo.OpenStack;

/// <summary>Finds a thing by its id or by its name, which OpenStack does not keep unique.</summary>
internal static class NameLookup
{
    /// <exception cref="NameNotFoundException">Nothing has that name or id.</exception>
    /// <exception cref="AmbiguousNameException">Several things have that name.</exception>
    public static async Task<T> FindAsync<T>(
        string resource,
        string nameOrId,
        Func<string, CancellationToken, Task<T>> get,
        IAsyncEnumerable<T> named,
        Func<T, string?> name,
        Func<T, string> id,
        CancellationToken cancellationToken)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrId);
        var looksLikeId = Guid.TryParse(nameOrId, out _);
        if (looksLikeId && await TryGetAsync(nameOrId, get, cancellationToken).ConfigureAwait(false) is { } byId)
        {
            return byId;
        }

        var found = new List<T>();
        await foreach (var item in named.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (name(item) == nameOrId)
            {
                found.Add(item);
            }
        }

        return found.Count switch
        {
            1 => found[0],
            > 1 => throw new AmbiguousNameException(resource, nameOrId, [.. found.Select(id)]),
            _ => (looksLikeId ? null : await TryGetAsync(nameOrId, get, cancellationToken).ConfigureAwait(false))
                ?? throw new NameNotFoundException(resource, nameOrId),
        };
    }

    /// <exception cref="ChoiceException">There is not exactly one.</exception>
    public static async Task<T> OnlyAsync<T>(
        string resource, IAsyncEnumerable<T> all, Func<T, bool> counts, Func<T, string?> name, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        await foreach (var item in all.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (counts(item))
            {
                found.Add(item);
            }
        }

        return found.Count == 1 ? found[0] : throw new ChoiceException(resource, [.. found.Select(item => name(item) ?? "").Order(StringComparer.Ordinal)]);
    }

    private static async Task<T?> TryGetAsync<T>(string id, Func<string, CancellationToken, Task<T>> get, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await get(Uri.EscapeDataString(id), cancellationToken).ConfigureAwait(false);
        }
        catch (OpenStackApiException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return null; // 400: this text can't be an id.
        }
    }
}
