using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.Networking;

public sealed partial class NetworkingService
{
    /// <summary>Lists the project's floating addresses. "GET /floatingips".</summary>
    /// <param name="portId">Only that of this port.</param>
    /// <param name="projectId">The project; <c>null</c> for the session's own, for an administrator too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<FloatingIP> ListFloatingIPsAsync(
        string? portId = null,
        string? projectId = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        projectId ??= (await _client.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false)).Project?.Id;
        var query = new QueryString("/floatingips").Add("port_id", portId);
        var all = _client.ListAsync(
            query, projectId, one => one.ProjectId, "floatingips", NetworkingJson.Default.FloatingIP, cancellationToken);
        await foreach (var address in all.ConfigureAwait(false))
        {
            yield return address;
        }
    }

    /// <summary>Reads a floating address. "GET /floatingips/{id}".</summary>
    public Task<FloatingIP> GetFloatingIPAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/floatingips/{id}", "floatingip", NetworkingJson.Default.FloatingIP, cancellationToken);

    /// <summary>Takes a floating address from an external network's pool. "POST /floatingips".</summary>
    /// <param name="externalNetworkId">The external network.</param>
    /// <param name="portId">The port to lead to at once; <c>null</c> for none yet.</param>
    /// <param name="description">Free text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<FloatingIP> AllocateFloatingIPAsync(
        string externalNetworkId, string? portId = null, string? description = null, CancellationToken cancellationToken = default) => PostAsync(
        "/floatingips",
        "floatingip",
        new NewFloatingIP(externalNetworkId, portId, description),
        NetworkingJson.Default.NewFloatingIP,
        NetworkingJson.Default.FloatingIP,
        cancellationToken);

    /// <summary>Takes a floating address from its port and keeps it. "PUT /floatingips/{id}".</summary>
    public Task DetachFloatingIPAsync(string id, CancellationToken cancellationToken = default) =>
        _client.RunAsync(HttpMethod.Put, $"/floatingips/{id}", PortBody(null), cancellationToken);

    /// <summary>Gives a floating address back to the pool. "DELETE /floatingips/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteFloatingIPAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/floatingips/{id}", cancellationToken);

    private static byte[] PortBody(string? portId) => Json.Write(json =>
    {
        json.WriteStartObject("floatingip");
        json.WriteString("port_id", portId);
        json.WriteEndObject();
    });
}
