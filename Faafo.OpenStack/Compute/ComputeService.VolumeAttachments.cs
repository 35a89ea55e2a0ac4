namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    private static readonly Version VolumeTagVersion = new(2, 49);
    private static readonly Version VolumeDeletionVersion = new(2, 79);

    /// <summary>Lists the volumes that are attached to a server. "GET /servers/{id}/os-volume_attachments".</summary>
    public virtual IAsyncEnumerable<VolumeAttachment> ListVolumeAttachmentsAsync(
        string serverId, CancellationToken cancellationToken = default) =>
        _client.ListAsync(
            $"/servers/{PathSegment.Of(serverId)}/os-volume_attachments",
            "volumeAttachments",
            ComputeJson.Default.VolumeAttachment,
            cancellationToken);

    /// <summary>Reads the attachment of a volume. "GET /servers/{id}/os-volume_attachments/{volume}".</summary>
    /// <exception cref="NotFoundException">The volume is not attached to the server.</exception>
    public virtual Task<VolumeAttachment> GetVolumeAttachmentAsync(
        string serverId, string volumeId, CancellationToken cancellationToken = default)
    {
        var path = $"/servers/{PathSegment.Of(serverId)}/os-volume_attachments/{PathSegment.Of(volumeId)}";
        return _client.GetAsync(path, "volumeAttachment", ComputeJson.Default.VolumeAttachment, cancellationToken);
    }

    /// <summary>Attaches a volume with options; its status then becomes in-use. "POST /servers/{id}/os-volume_attachments".</summary>
    /// <exception cref="MicroversionException">
    /// It has a tag and the cloud is not known to support 2.49, or <see cref="NewVolumeAttachment.DeleteOnTermination"/> and not 2.79.
    /// </exception>
    /// <exception cref="ConflictException">The server is locked, the device is in use, or the server's state does not allow it.</exception>
    public virtual async Task<VolumeAttachment> AttachVolumeAsync(
        string serverId, NewVolumeAttachment attachment, CancellationToken cancellationToken = default)
    {
        if (attachment.Tag is not null)
        {
            await _client.Versions.RequireAsync(VolumeTagVersion, "the tag of an attached volume", cancellationToken)
                .ConfigureAwait(false);
        }
        if (attachment.DeleteOnTermination is not null)
        {
            await _client.Versions.RequireAsync(VolumeDeletionVersion, "the deletion of a volume with its server", cancellationToken)
                .ConfigureAwait(false);
        }
        var path = $"/servers/{PathSegment.Of(serverId)}/os-volume_attachments";
        var body = Json.Write("volumeAttachment", attachment, ComputeJson.Default.NewVolumeAttachment);
        var type = ComputeJson.Default.VolumeAttachment;
        return await _client.SendAsync(HttpMethod.Post, path, body, "volumeAttachment", type, cancellationToken).ConfigureAwait(false);
    }
}
