namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    private static readonly Version RemoteConsoleVersion = new(2, 6);

    /// <summary>
    /// Creates an address at which a server's console can be used for some minutes. "POST /servers/{id}/remote-consoles".
    /// </summary>
    /// <param name="id">The server's id.</param>
    /// <param name="protocol">The protocol; <c>null</c> for <see cref="ConsoleProtocol.Vnc"/>.</param>
    /// <param name="type">The client; <c>null</c> for <see cref="ConsoleType.NoVnc"/>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="MicroversionException">The cloud is not known to support 2.6.</exception>
    /// <exception cref="OpenStackApiException">400: the cloud does not offer consoles of this type.</exception>
    /// <exception cref="ConflictException">The server does not run yet.</exception>
    public virtual async Task<RemoteConsole> CreateRemoteConsoleAsync(
        string id, ConsoleProtocol? protocol = null, ConsoleType? type = null, CancellationToken cancellationToken = default)
    {
        var path = $"/servers/{PathSegment.Of(id)}/remote-consoles";
        await _client.Versions.RequireAsync(RemoteConsoleVersion, "a remote console", cancellationToken).ConfigureAwait(false);
        var body = Json.Write(json =>
        {
            json.WriteStartObject("remote_console");
            json.WriteString("protocol", (protocol ?? ConsoleProtocol.Vnc).Value);
            json.WriteString("type", (type ?? ConsoleType.NoVnc).Value);
            json.WriteEndObject();
        });
        return await _client.SendAsync(
            HttpMethod.Post, path, body, "remote_console", ComputeJson.Default.RemoteConsole, cancellationToken).ConfigureAwait(false);
    }
}
