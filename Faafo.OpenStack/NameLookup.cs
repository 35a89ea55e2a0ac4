using System.Net;

namespace Faafo.OpenStack;

/// <summary>Finds a resource by its id or by its name, which OpenStack does not keep unique.</summary>
internal static class NameLookup
{
    /// <summary>Finds the only resource with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">Several have that name.</exception>
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
        var found = await named.Where(item => name(item) == nameOrId).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (found.Count > 1)
        {
            throw new AmbiguousNameException(resource, nameOrId, [.. found.Select(id)]);
        }
        if (found.Count == 1)
        {
            return found[0];
        }
        var last = looksLikeId ? null : await TryGetAsync(nameOrId, get, cancellationToken).ConfigureAwait(false);
        return last ?? throw new NameNotFoundException(resource, nameOrId);
    }

    /// <summary>Takes the only resource of a list.</summary>
    /// <exception cref="ChoiceException">There is none, or there are several.</exception>
    public static async Task<T> OnlyAsync<T>(
        string resource, IAsyncEnumerable<T> all, Func<T, string?> name, CancellationToken cancellationToken)
    {
        var found = await all.ToListAsync(cancellationToken).ConfigureAwait(false);
        if (found.Count == 1)
        {
            return found[0];
        }
        var names = found.Select(item => name(item) ?? "").Order(StringComparer.Ordinal).ToList();
        throw found.Count == 0
            ? new ChoiceException(resource, ChoiceProblem.None, names, $"there is no {resource} to choose")
            : new ChoiceException(
                resource, ChoiceProblem.Several, names, $"there are several {resource}s; choose one of: {string.Join(", ", names)}");
    }

    private static async Task<T?> TryGetAsync<T>(
        string id, Func<string, CancellationToken, Task<T>> get, CancellationToken cancellationToken)
        where T : class
    {
        if (!PathSegment.IsValid(id))
        {
            return null; // A name such as "a/b", which is no id.
        }
        try
        {
            return await get(id, cancellationToken).ConfigureAwait(false);
        }
        catch (OpenStackApiException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return null; // 400: the service does not accept this text as an id.
        }
    }
}
