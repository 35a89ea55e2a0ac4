using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    /// <summary>Lists the project's floating IPs. "GET /floatingips".</summary>
    /// <param name="portId">Filters by port.</param>
    /// <param name="projectId">The project; <c>null</c> for the session's own, also for an administrator.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual async IAsyncEnumerable<FloatingIP> ListFloatingIPsAsync(
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

    /// <summary>Reads a floating IP. "GET /floatingips/{id}".</summary>
    public virtual Task<FloatingIP> GetFloatingIPAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/floatingips/{PathSegment.Of(id)}", "floatingip", NetworkingJson.Default.FloatingIP, cancellationToken);

    /// <summary>Allocates a floating IP of an external network. "POST /floatingips".</summary>
    /// <param name="externalNetworkId">The external network.</param>
    /// <param name="portId">The port to associate it with in the same request; <c>null</c> for none yet.</param>
    /// <param name="description">Free text.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task<FloatingIP> AllocateFloatingIPAsync(
        string externalNetworkId,
        string? portId = null,
        string? description = null,
        CancellationToken cancellationToken = default) => PostAsync(
        "/floatingips",
        "floatingip",
        new NewFloatingIP(externalNetworkId, portId, description),
        NetworkingJson.Default.NewFloatingIP,
        NetworkingJson.Default.FloatingIP,
        cancellationToken);

    /// <summary>Disassociates a floating IP from its port, and keeps it allocated. "PUT /floatingips/{id}".</summary>
    public virtual Task DetachFloatingIPAsync(string id, CancellationToken cancellationToken = default) =>
        _client.RunAsync(HttpMethod.Put, $"/floatingips/{PathSegment.Of(id)}", PortBody(null), cancellationToken);

    /// <summary>Releases a floating IP. "DELETE /floatingips/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteFloatingIPAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/floatingips/{PathSegment.Of(id)}", cancellationToken);

    private static byte[] PortBody(string? portId) => Json.Write(json =>
    {
        json.WriteStartObject("floatingip");
        json.WriteString("port_id", portId);
        json.WriteEndObject();
    });
}
