namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>
    /// The first microversion with tags. Below it Nova ignores filters by tag for ordinary users, returns every server and shows no
    /// tags.
    /// </summary>
    internal static readonly Version TagsVersion = new(2, 26);

    /// <summary>Adds a tag. "PUT /servers/{id}/tags/{tag}".</summary>
    /// <exception cref="MicroversionException">The cloud is not known to support tags, which came with 2.26.</exception>
    public virtual async Task AddTagAsync(string id, string tag, CancellationToken cancellationToken = default)
    {
        await RequireTagsAsync("a tag", cancellationToken).ConfigureAwait(false);
        await _client.RunAsync(HttpMethod.Put, TagPath(id, tag), null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a tag. "DELETE /servers/{id}/tags/{tag}".</summary>
    /// <returns>False if the server had no such tag.</returns>
    /// <exception cref="MicroversionException">The cloud is not known to support tags, which came with 2.26.</exception>
    public virtual async Task<bool> RemoveTagAsync(string id, string tag, CancellationToken cancellationToken = default)
    {
        await RequireTagsAsync("a tag", cancellationToken).ConfigureAwait(false);
        return await _client.DeleteAsync(TagPath(id, tag), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="MicroversionException">The cloud is not known to support tags.</exception>
    internal Task RequireTagsAsync(string purpose, CancellationToken cancellationToken) =>
        _client.Versions.RequireAsync(TagsVersion, purpose, cancellationToken);

    private static string TagPath(string id, string tag) => $"/servers/{PathSegment.Of(id)}/tags/{PathSegment.Of(tag)}";
}
