namespace Faafo.OpenStack.Dns;

public partial class DnsService
{
    /// <summary>Lists the project's zones. "GET /v2/zones".</summary>
    /// <param name="name">Filters by name, such as <c>example.org</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<Zone> ListZonesAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        var wanted = name is null ? null : FullName(name);
        return _client.ListAsync(new QueryString("/zones").Add("name", wanted).ToString(), "zones", DnsJson.Default.Zone, cancellationToken)
            .Where(zone => wanted is null || zone.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads a zone. "GET /v2/zones/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such zone.</exception>
    public virtual Task<Zone> GetZoneAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/zones/{PathSegment.Of(id)}", null, DnsJson.Default.Zone, cancellationToken);

    /// <summary>Finds a zone by name, with or without its final dot, or by id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    public virtual Task<Zone> FindZoneAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "zone",
        nameOrId,
        GetZoneAsync,
        ListZonesAsync(nameOrId, cancellationToken),
        _ => nameOrId, // The list has only zones of this name, whatever its case and final dot.
        zone => zone.Id,
        cancellationToken);

    /// <summary>Creates a zone; see <see cref="WaitUntilZoneActiveAsync"/>. "POST /v2/zones".</summary>
    /// <exception cref="ConflictException">The zone exists, in this project or in another.</exception>
    public virtual Task<Zone> CreateZoneAsync(NewZone zone, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Post, "/zones", zone with { Name = FullName(zone.Name) }, DnsJson.Default.NewZone, DnsJson.Default.Zone,
        cancellationToken);

    /// <summary>Changes a zone; see <see cref="WaitUntilZoneActiveAsync"/>. "PATCH /v2/zones/{id}".</summary>
    public virtual Task<Zone> UpdateZoneAsync(string id, ZoneUpdate update, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Patch, $"/zones/{PathSegment.Of(id)}", update, DnsJson.Default.ZoneUpdate, DnsJson.Default.Zone, cancellationToken);

    /// <summary>
    /// Requests the deletion of a zone with all its record sets; see <see cref="WaitUntilZoneDeletedAsync"/>. "DELETE /v2/zones/{id}".
    /// </summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteZoneAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/zones/{PathSegment.Of(id)}", cancellationToken);

    /// <summary>Waits until the name servers have the latest change of a zone.</summary>
    /// <exception cref="ResourceFailedException">The zone went to ERROR.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual Task<Zone> WaitUntilZoneActiveAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitUntilActiveAsync("zone", id, timeout, token => GetZoneAsync(id, token), zone => zone.Status.Value, cancellationToken);

    /// <summary>Waits until a zone is deleted.</summary>
    /// <exception cref="ResourceFailedException">The zone went to ERROR instead.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual Task WaitUntilZoneDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitUntilDeletedAsync(
            "zone", id, timeout, async token => (await GetZoneAsync(id, token).ConfigureAwait(false)).Status.Value, cancellationToken);
}
