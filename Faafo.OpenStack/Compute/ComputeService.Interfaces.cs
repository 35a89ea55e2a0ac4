namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Lists a server's ports. "GET /servers/{id}/os-interface".</summary>
    public virtual IAsyncEnumerable<ServerInterface> ListInterfacesAsync(string serverId, CancellationToken cancellationToken = default) =>
        _client.ListAsync(
            $"/servers/{PathSegment.Of(serverId)}/os-interface",
            "interfaceAttachments",
            ComputeJson.Default.ServerInterface,
            cancellationToken);

    /// <summary>Attaches a new port in a network to a server. "POST /servers/{id}/os-interface".</summary>
    public virtual Task<ServerInterface> AttachInterfaceAsync(string serverId, string networkId,
        CancellationToken cancellationToken = default) =>
        _client.SendAsync(
            HttpMethod.Post,
            $"/servers/{PathSegment.Of(serverId)}/os-interface",
            Json.Write(json => WriteObject(json, "interfaceAttachment", "net_id", networkId)),
            "interfaceAttachment",
            ComputeJson.Default.ServerInterface,
            cancellationToken);

    /// <summary>Detaches a port from a server. "DELETE /servers/{id}/os-interface/{port}".</summary>
    /// <returns>False if it was not attached.</returns>
    public virtual Task<bool> DetachInterfaceAsync(string serverId, string portId, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/servers/{PathSegment.Of(serverId)}/os-interface/{PathSegment.Of(portId)}", cancellationToken);
}
