namespace Faafo.OpenStack.BlockStorage;

public partial class BlockStorageService
{
    /// <summary>Lists the volume types that the project may use. "GET /v3/{project}/types".</summary>
    public virtual IAsyncEnumerable<VolumeType> ListVolumeTypesAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/types", "volume_types", BlockStorageJson.Default.VolumeType, cancellationToken);

    /// <summary>Reads a volume type. "GET /v3/{project}/types/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such type.</exception>
    public virtual Task<VolumeType> GetVolumeTypeAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/types/{PathSegment.Of(id)}", "volume_type", BlockStorageJson.Default.VolumeType, cancellationToken);

    /// <summary>Finds the volume type with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    public virtual Task<VolumeType> FindVolumeTypeAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        NameLookup.FindAsync(
            "volume type",
            nameOrId,
            GetVolumeTypeAsync,
            ListVolumeTypesAsync(cancellationToken),
            type => type.Name,
            type => type.Id,
            cancellationToken);
}
