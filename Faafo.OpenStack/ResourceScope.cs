namespace Faafo.OpenStack;

/// <summary>
/// All resources of a project that carry a mark, to be removed together: servers with the mark as a tag, load balancers, floating IPs,
/// ports, routers, networks and security groups with it as their description, volumes and snapshots with it as a metadata key. A marked
/// volume with snapshots of others cannot be removed, and is reported. The cloud itself remembers what belongs together, so nothing is lost
/// when a program is killed: the next one that knows the mark finds it.
/// Disposal removes everything, unless it is to be kept. Resources whose own fields do not show the mark and the session's project are left
/// alone.
/// </summary>
public sealed class ResourceScope : IAsyncDisposable
{
    private const int LongestUser = 12;

    private readonly OpenStackClient _cloud;
    private readonly bool _keep;
    private readonly Action<string>? _onRemoved;
    private readonly Stack<(string What, Func<CancellationToken, Task<bool>> Remove)> _unmarkable = new();

    internal ResourceScope(OpenStackClient cloud, string mark, bool keep, Action<string>? onRemoved)
    {
        if (mark.Length is 0 or > 60 || mark.AsSpan().IndexOfAny('/', ',') >= 0)
        {
            throw new ArgumentException($"a mark must have 1 to 60 characters without '/' and ',' (got '{mark}')", nameof(mark));
        }
        _cloud = cloud;
        Mark = mark;
        _keep = keep;
        _onRemoved = onRemoved;
    }

    /// <summary>The mark.</summary>
    public string Mark { get; }

    /// <summary>
    /// Makes a mark that no one else has, for a project that others use too: a second run of the same user finds what the first left
    /// behind, and nothing of anyone else. Its random part is stored in a file of the user, <c>faafo/user-id</c> in the folder of local
    /// application data (on Linux <c>~/.local/share</c>).
    /// </summary>
    /// <param name="purpose">The purpose: up to 36 letters, digits and hyphens.</param>
    /// <returns>The purpose, the user's name and the random part.</returns>
    /// <exception cref="IOException">The file can be neither read nor written.</exception>
    public static string UserMark(string purpose) => UserMark(
        purpose,
        Environment.UserName,
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify));

    internal static string UserMark(string purpose, string user, string folder)
    {
        var name = string.Concat(user.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(LongestUser));
        return $"{purpose}-{(name.Length > 0 ? name : "user")}-{UserId.Get(Path.Combine(folder, "faafo", "user-id"))}";
    }

    /// <summary>Adds something that cannot carry a mark, such as a key pair: it is removed before the rest, the last added first.</summary>
    /// <param name="what">The thing, for people.</param>
    /// <param name="remove">Removes it and waits until it is gone; false when there was none.</param>
    public void Add(string what, Func<CancellationToken, Task<bool>> remove) => _unmarkable.Push((what, remove));

    /// <summary>Removes all resources and waits until they are gone. A resource that cannot be removed does not keep the rest.</summary>
    /// <exception cref="MicroversionException">Nova cannot filter by tag, so its servers are unknown; nothing was removed.</exception>
    /// <exception cref="OpenStackException">Some resources could not be removed; the message names all of them.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken = default)
    {
        await _cloud.Compute.RequireTagsAsync("finding what carries a mark", cancellationToken).ConfigureAwait(false);
        var token = await _cloud.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        var failures = await RemoveUnmarkableAsync(cancellationToken).ConfigureAwait(false);
        var listing = new ScopeListing(_cloud, Mark, token.Project?.Id);
        var resources = await listing.RunAsync(token.Catalog, cancellationToken).ConfigureAwait(false);
        var removal = new ResourceRemoval(_cloud, token.Project?.Id, listing.IsMarked)
        {
            OnRemoved = resource => _onRemoved?.Invoke($"removed {resource}"),
            OnFailed = (resource, error) => failures.Add(Failure(resource.ToString(), error)),
        };
        failures.AddRange(listing.Failures);
        await removal.RunAsync(resources, cancellationToken).ConfigureAwait(false);
        if (failures.Count > 0)
        {
            throw new OpenStackException(string.Join('\n', failures));
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

    private static string Failure(string what, OpenStackException error) => $"cannot remove {what}: {error.Message}";

    private async Task<List<string>> RemoveUnmarkableAsync(CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        while (_unmarkable.TryPop(out var one))
        {
            try
            {
                if (await one.Remove(cancellationToken).ConfigureAwait(false))
                {
                    _onRemoved?.Invoke($"removed {one.What}");
                }
            }
            catch (OpenStackException e)
            {
                failures.Add(Failure(one.What, e));
            }
        }
        return failures;
    }
}
