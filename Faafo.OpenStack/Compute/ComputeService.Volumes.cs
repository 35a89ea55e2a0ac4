namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Attaches a volume; its status then becomes in-use. "POST /servers/{id}/os-volume_attachments".</summary>
    public virtual Task<VolumeAttachment> AttachVolumeAsync(string serverId, string volumeId,
        CancellationToken cancellationToken = default) =>
        _client.SendAsync(
            HttpMethod.Post,
            $"/servers/{PathSegment.Of(serverId)}/os-volume_attachments",
            Json.Write(json => WriteObject(json, "volumeAttachment", "volumeId", volumeId)),
            "volumeAttachment",
            ComputeJson.Default.VolumeAttachment,
            cancellationToken);

    /// <summary>Detaches a volume; its status then becomes available. "DELETE /servers/{id}/os-volume_attachments/{volume}".</summary>
    /// <returns>False if it was not attached.</returns>
    public virtual Task<bool> DetachVolumeAsync(string serverId, string volumeId, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/servers/{PathSegment.Of(serverId)}/os-volume_attachments/{PathSegment.Of(volumeId)}", cancellationToken);
}
