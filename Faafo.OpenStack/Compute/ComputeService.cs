using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Faafo.OpenStack.Compute;

/// <summary>Nova: servers, and their flavors, key pairs, groups, volumes, ports and quotas.</summary>
public partial class ComputeService
{
    // From 2.92 on Nova no longer generates key pairs; nothing between 2.79 and 2.91 changes what is used here.
    private const string MaxMicroversion = "2.90";
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected ComputeService()
    {
        _client = null!;
    }

    internal ComputeService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Compute, MaxMicroversion);

    internal ServiceClient Client => _client;

    /// <summary>
    /// Lists the project's servers in detail, newest first. "GET /servers/detail". Servers that do not match the query are left out even if
    /// Nova returns them.
    /// </summary>
    /// <exception cref="MicroversionException">
    /// The query has tags, and the cloud is not known to support 2.26: an older Nova would ignore the filter.
    /// </exception>
    public virtual async IAsyncEnumerable<Server> ListServersAsync(
        ServerQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new ServerQuery();
        if (query.Tags.Count + query.TagsAny.Count > 0)
        {
            await RequireTagsAsync("listing servers by tag", cancellationToken).ConfigureAwait(false);
        }
        // Nova treats the name as a regular expression that may match anywhere.
        var path = new QueryString("/servers/detail")
            .Add("name", query.Name is null ? null : $"^{Regex.Escape(query.Name)}$")
            .Add("status", query.Status?.Value)
            .Add("tags", query.Tags.Count == 0 ? null : string.Join(',', query.Tags))
            .Add("tags-any", query.TagsAny.Count == 0 ? null : string.Join(',', query.TagsAny))
            .Add("all_tenants", query.AllProjects ? true : null)
            .Add("limit", query.PageSize)
            .ToString();
        var all = _client.ListAsync(path, "servers", ComputeJson.Default.Server, cancellationToken);
        await foreach (var server in all.ConfigureAwait(false))
        {
            if (query.Matches(server))
            {
                yield return server with { Service = this };
            }
        }
    }

    /// <summary>Reads a server. "GET /servers/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such server.</exception>
    public virtual async Task<Server> GetServerAsync(string id, CancellationToken cancellationToken = default)
    {
        var server = await _client.GetAsync($"/servers/{PathSegment.Of(id)}", "server", ComputeJson.Default.Server, cancellationToken)
            .ConfigureAwait(false);
        return server with { Service = this };
    }

    /// <summary>Finds the only server with a name or id. "GET /servers/detail?name=".</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<Server> FindServerAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "server",
        nameOrId,
        GetServerAsync,
        ListServersAsync(new ServerQuery { Name = nameOrId }, cancellationToken),
        server => server.Name,
        server => server.Id,
        cancellationToken);

    /// <summary>
    /// Requests the deletion of a server; wait for it with <see cref="ServerWaiters.WaitUntilDeletedAsync"/>. "DELETE /servers/{id}".
    /// </summary>
    /// <returns>False if it was already gone.</returns>
    public virtual Task<bool> DeleteServerAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/servers/{PathSegment.Of(id)}", cancellationToken);
}
