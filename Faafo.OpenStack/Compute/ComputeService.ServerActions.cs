using System.Text.Json;

namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Restarts a server; <paramref name="hard"/> cuts its power. "POST /servers/{id}/action" reboot.</summary>
    public virtual Task RebootServerAsync(string id, bool hard = false, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => WriteObject(json, "reboot", "type", hard ? "HARD" : "SOFT"), cancellationToken);

    /// <summary>Starts a stopped server. "POST /servers/{id}/action" os-start.</summary>
    public virtual Task StartServerAsync(string id, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => json.WriteNull("os-start"), cancellationToken);

    /// <summary>Stops a server without deleting it. "POST /servers/{id}/action" os-stop.</summary>
    public virtual Task StopServerAsync(string id, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => json.WriteNull("os-stop"), cancellationToken);

    /// <summary>Adds a server to a security group. "POST /servers/{id}/action" addSecurityGroup.</summary>
    public virtual Task AddSecurityGroupAsync(string id, string group, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => WriteObject(json, "addSecurityGroup", "name", group), cancellationToken);

    /// <summary>Removes a server from a security group. "POST /servers/{id}/action" removeSecurityGroup.</summary>
    public virtual Task RemoveSecurityGroupAsync(string id, string group, CancellationToken cancellationToken = default) =>
        ActAsync(id, json => WriteObject(json, "removeSecurityGroup", "name", group), cancellationToken);

    /// <summary>Starts to create an image from a server. "POST /servers/{id}/action" createImage.</summary>
    /// <returns>The image's id; wait for it to become active with <see cref="Images.ImageService.WaitUntilActiveAsync"/>.</returns>
    public virtual async Task<string> CreateImageAsync(string id, string name, CancellationToken cancellationToken = default)
    {
        var path = $"/servers/{PathSegment.Of(id)}/action";
        var body = Json.Write(json => WriteObject(json, "createImage", "name", name));
        using var response = await _client.SendAsync(HttpMethod.Post, path, body, cancellationToken).ConfigureAwait(false);
        if (response.Headers.Location is { } location)
        {
            return location.OriginalString[(location.OriginalString.LastIndexOf('/') + 1)..]; // Before microversion 2.45.
        }
        using var document = await _client.ParseAsync(response, path, cancellationToken).ConfigureAwait(false);
        return _client.Read(document, path, "image_id", ComputeJson.Default.String);
    }

    /// <summary>Reads the last lines of a server's console. "POST /servers/{id}/action" os-getConsoleOutput.</summary>
    /// <param name="id">The server's id.</param>
    /// <param name="lines">The number of lines; <c>null</c> for all that Nova keeps.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual async Task<string> GetConsoleOutputAsync(string id, int? lines = null, CancellationToken cancellationToken = default)
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
        var path = $"/servers/{PathSegment.Of(id)}/action";
        return await _client.SendAsync(HttpMethod.Post, path, body, "output", ComputeJson.Default.String, cancellationToken)
            .ConfigureAwait(false);
    }

    private Task ActAsync(string id, Action<Utf8JsonWriter> action, CancellationToken cancellationToken) =>
        _client.RunAsync(HttpMethod.Post, $"/servers/{PathSegment.Of(id)}/action", Json.Write(action), cancellationToken);

    private static void WriteObject(Utf8JsonWriter json, string name, string key, string value)
    {
        json.WriteStartObject(name);
        json.WriteString(key, value);
        json.WriteEndObject();
    }
}
