namespace Faafo.OpenStack;

/// <summary>
/// Everything in the project that carries a mark, to be taken away together: servers that have it as a tag, load balancers, floating addresses,
/// ports, routers, networks and security groups that have it as their description, volumes that have it as a key of their metadata (with
/// their snapshots). The cloud itself remembers what belongs together, so that nothing is lost when a program is killed: the next one that
/// knows the mark finds it. Disposal removes it all, unless it is to be kept; what does not say itself that it carries the mark and belongs
/// to the session's project is left alone.
/// </summary>
public sealed class ResourceScope : IAsyncDisposable
{
    private readonly OpenStackClient _cloud;
    private readonly bool _keep;
    private readonly Action<string>? _onRemoved;
    private readonly Stack<(string What, Func<CancellationToken, Task<bool>> Remove)> _unmarkable = new();

    internal ResourceScope(OpenStackClient cloud, string mark, bool keep, Action<string>? onRemoved)
    {
        if (mark.Length is 0 or > 60 || mark.AsSpan().IndexOfAny('/', ',') >= 0)
        {
            throw new ArgumentException($"'{mark}' can't be a mark: 1 to 60 characters without '/' and ','.", nameof(mark));
        }

        (_cloud, Mark, _keep, _onRemoved) = (cloud, mark, keep, onRemoved);
    }

    /// <summary>The mark.</summary>
    public string Mark { get; }

    /// <summary>Takes care of something that can't carry a mark, such as a key pair: it is removed first, what came last before the others.</summary>
    /// <param name="what">What it is, for people.</param>
    /// <param name="remove">Removes it and waits until it is gone; false when there was none.</param>
    public void Add(string what, Func<CancellationToken, Task<bool>> remove) => _unmarkable.Push((what, remove));

    /// <summary>Removes everything there is, waits until it is gone, and removes the rest when something can't be removed.</summary>
    /// <exception cref="MicroversionException">Which servers carry the mark can't be known; nothing was removed.</exception>
    /// <exception cref="OpenStackException">Something could not be removed; the message has all of it.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken = default)
    {
        await _cloud.Compute.RequireTagsAsync("finding what carries a mark", cancellationToken).ConfigureAwait(false);
        var token = await _cloud.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        var removal = new ScopeRemoval(_cloud, Mark, token.Project?.Id, _onRemoved);
        while (_unmarkable.TryPop(out var one))
        {
            await removal.TryAsync(one.What, one.Remove, cancellationToken).ConfigureAwait(false);
        }

        await removal.RunAsync(token.Catalog, cancellationToken).ConfigureAwait(false);
        if (removal.Left.Count > 0)
        {
            throw new OpenStackException(string.Join('\n', removal.Left));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_keep)
        {
            await RemoveAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
