using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faafo.OpenStack.Compute;

/// <summary>Nova: servers and what belongs to them.</summary>
public sealed partial class ComputeService
{
    // From 2.92 on Nova makes no key pairs any more; nothing between 2.79 and 2.91 changes what is used here.
    private const string MaxMicroversion = "2.90";
    private readonly ServiceClient _client;

    /// <summary>Below it Nova ignores filters by tag for ordinary users and returns every server, and shows no tags.</summary>
    internal static readonly Version TagsVersion = new(2, 26);

    internal ComputeService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Compute, MaxMicroversion);

    internal ServiceClient Client => _client;

    /// <summary>
    /// Lists the project's servers in detail, newest first. "GET /servers/detail". Whatever Nova returns, no server is listed that does not
    /// match the query.
    /// </summary>
    /// <exception cref="MicroversionException">Tags are asked for, which Nova would ignore: it is not known to do 2.26.</exception>
    public async IAsyncEnumerable<Server> ListServersAsync(
        ServerQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new ServerQuery();
        if (query.Tags.Count + query.TagsAny.Count > 0)
        {
            await RequireTagsAsync("listing servers by tag", cancellationToken).ConfigureAwait(false);
        }

        // Nova takes the name for a regular expression that may match anywhere.
        var path = new QueryString("/servers/detail")
            .Add("name", query.Name is null ? null : $"^{Regex.Escape(query.Name)}$")
            .Add("status", query.Status)
            .Add("tags", query.Tags.Count == 0 ? null : string.Join(',', query.Tags))
            .Add("tags-any", query.TagsAny.Count == 0 ? null : string.Join(',', query.TagsAny))
            .Add("all_tenants", query.AllProjects ? true : null)
            .Add("limit", query.PageSize)
            .ToString();
        await foreach (var server in _client.ListAsync(path, "servers", ComputeJson.Default.Server, cancellationToken).ConfigureAwait(false))
        {
            if (query.Matches(server))
            {
                yield return server with { Service = this };
            }
        }
    }

    /// <exception cref="MicroversionException">Tags are not known to work.</exception>
    internal Task RequireTagsAsync(string purpose, CancellationToken cancellationToken) =>
        _client.RequireMicroversionAsync(TagsVersion, purpose, cancellationToken);

    /// <summary>Reads a server. "GET /servers/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such server.</exception>
    public async Task<Server> GetServerAsync(string id, CancellationToken cancellationToken = default) =>
        await _client.GetAsync($"/servers/{id}", "server", ComputeJson.Default.Server, cancellationToken).ConfigureAwait(false)
            with
        { Service = this };

    /// <summary>Finds the only server of a name or id. "GET /servers/detail?name=".</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public Task<Server> FindServerAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "server", nameOrId, GetServerAsync, ListServersAsync(new ServerQuery { Name = nameOrId }, cancellationToken), server => server.Name, server => server.Id, cancellationToken);

    /// <summary>Asks for a server to be deleted, which takes a while: see <see cref="ServerWaiters"/>. "DELETE /servers/{id}".</summary>
    /// <returns>False when it was gone already.</returns>
    public Task<bool> DeleteServerAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/servers/{id}", cancellationToken);

    /// <summary>Restarts a server; <paramref name="hard"/> cuts its power. "POST /servers/{id}/action" reboot.</summary>
    public Task RebootServerAsync(string id, bool hard = false, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => WriteObject(json, "reboot", "type", hard ? "HARD" : "SOFT"), cancellationToken);

    /// <summary>Starts a server that was stopped. "POST /servers/{id}/action" os-start.</summary>
    public Task StartServerAsync(string id, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => json.WriteNull("os-start"), cancellationToken);

    /// <summary>Stops a server and keeps it. "POST /servers/{id}/action" os-stop.</summary>
    public Task StopServerAsync(string id, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => json.WriteNull("os-stop"), cancellationToken);

    /// <summary>Puts a server into a security group. "POST /servers/{id}/action" addSecurityGroup.</summary>
    public Task AddSecurityGroupAsync(string id, string group, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => WriteObject(json, "addSecurityGroup", "name", group), cancellationToken);

    /// <summary>Takes a server out of a security group. "POST /servers/{id}/action" removeSecurityGroup.</summary>
    public Task RemoveSecurityGroupAsync(string id, string group, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => WriteObject(json, "removeSecurityGroup", "name", group), cancellationToken);

    /// <summary>Starts to make an image of a server. "POST /servers/{id}/action" createImage.</summary>
    /// <returns>The image's id; wait for it to become active.</returns>
    public async Task<string> CreateImageAsync(string id, string name, CancellationToken cancellationToken = default)
    {
        var body = Json.Write(json => WriteObject(json, "createImage", "name", name));
        using var response = await _client.SendAsync(HttpMethod.Post, $"/servers/{id}/action", body, cancellationToken).ConfigureAwait(false);
        if (response.Headers.Location is { } location)
        {
            return location.OriginalString[(location.OriginalString.LastIndexOf('/') + 1)..]; // Before 2.45.
        }

        var path = $"/servers/{id}/action";
        using var document = await _client.ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
        return _client.Read(document, path, "image_id", ComputeJson.Default.String);
    }

    /// <summary>The last lines of a server's console. "POST /servers/{id}/action" os-getConsoleOutput.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="lines">How many lines; <c>null</c> for all that are kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> GetConsoleOutputAsync(string id, int? lines = null, CancellationToken cancellationToken = default)
    {
        var body = Json.Write(json =>
        {
            json.WriteStartObject("os-getConsoleOutput");
            if (lines is { } count)
            {
                json.WriteNumber("length", count);
            }

            json.WriteEndObject();
        });
        return await _client.SendAsync(HttpMethod.Post, $"/servers/{id}/action", body, "output", ComputeJson.Default.String, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Adds a tag. "PUT /servers/{id}/tags/{tag}".</summary>
    /// <exception cref="MicroversionException">The cloud is not known to have tags, which came with 2.26.</exception>
    public async Task AddTagAsync(string id, string tag, CancellationToken cancellationToken = default)
    {
        await RequireTagsAsync("a tag", cancellationToken).ConfigureAwait(false);
        await _client.RunAsync(HttpMethod.Put, TagPath(id, tag), null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a tag. "DELETE /servers/{id}/tags/{tag}".</summary>
    /// <returns>False when it had no such tag.</returns>
    /// <exception cref="MicroversionException">The cloud is not known to have tags, which came with 2.26.</exception>
    public async Task<bool> RemoveTagAsync(string id, string tag, CancellationToken cancellationToken = default)
    {
        await RequireTagsAsync("a tag", cancellationToken).ConfigureAwait(false);
        return await _client.DeleteAsync(TagPath(id, tag), cancellationToken).ConfigureAwait(false);
    }

    private static string TagPath(string id, string tag) => $"/servers/{id}/tags/{Uri.EscapeDataString(tag)}";

    private Task ActAsync(string id, Action<Utf8JsonWriter> action, CancellationToken cancellationToken) =>
        _client.RunAsync(HttpMethod.Post, $"/servers/{id}/action", Json.Write(action), cancellationToken);

    private static void WriteObject(Utf8JsonWriter json, string name, string key, string value)
    {
        json.WriteStartObject(name);
        json.WriteString(key, value);
        json.WriteEndObject();
    }
}
