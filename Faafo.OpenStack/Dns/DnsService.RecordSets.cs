namespace Faafo.OpenStack.Dns;

public partial class DnsService
{
    /// <summary>Lists the record sets of a zone. "GET /v2/zones/{zone}/recordsets".</summary>
    /// <param name="zoneId">The zone.</param>
    /// <param name="name">Filters by name, such as <c>app.example.org</c>.</param>
    /// <param name="type">Filters by type, such as <c>A</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<RecordSet> ListRecordSetsAsync(
        string zoneId, string? name = null, string? type = null, CancellationToken cancellationToken = default)
    {
        // Designate takes "*" in a filter for any text, which is part of the name of a wildcard record.
        var wanted = name is null ? null : FullName(name);
        var path = new QueryString(RecordSetsPath(zoneId)).Add("name", wanted).Add("type", type).ToString();
        return _client.ListAsync(path, "recordsets", DnsJson.Default.RecordSet, cancellationToken)
            .Where(one => wanted is null || one.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            .Where(one => type is null || one.Type == type);
    }

    /// <summary>Reads a record set. "GET /v2/zones/{zone}/recordsets/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such record set.</exception>
    public virtual Task<RecordSet> GetRecordSetAsync(string zoneId, string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync(RecordSetPath(zoneId, id), null, DnsJson.Default.RecordSet, cancellationToken);

    /// <summary>Finds a record set by name, with or without its final dot, and type; or by id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">The name has several types, and <paramref name="type"/> is <c>null</c>.</exception>
    public virtual Task<RecordSet> FindRecordSetAsync(
        string zoneId, string nameOrId, string? type = null, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "record set",
        nameOrId,
        (id, token) => GetRecordSetAsync(zoneId, id, token),
        ListRecordSetsAsync(zoneId, nameOrId, type, cancellationToken),
        _ => nameOrId, // The list has only record sets of this name, whatever its case and final dot.
        one => one.Id,
        cancellationToken);

    /// <summary>
    /// Creates a record set; see <see cref="WaitUntilRecordSetActiveAsync"/>. "POST /v2/zones/{zone}/recordsets".
    /// </summary>
    /// <exception cref="ConflictException">The zone has a record set of this name and type.</exception>
    public virtual Task<RecordSet> CreateRecordSetAsync(
        string zoneId, NewRecordSet recordSet, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Post, RecordSetsPath(zoneId), recordSet with { Name = FullName(recordSet.Name) }, DnsJson.Default.NewRecordSet,
        DnsJson.Default.RecordSet, cancellationToken);

    /// <summary>
    /// Changes a record set; see <see cref="WaitUntilRecordSetActiveAsync"/>. "PUT /v2/zones/{zone}/recordsets/{id}".
    /// </summary>
    public virtual Task<RecordSet> UpdateRecordSetAsync(
        string zoneId, string id, RecordSetUpdate update, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Put, RecordSetPath(zoneId, id), update, DnsJson.Default.RecordSetUpdate, DnsJson.Default.RecordSet,
        cancellationToken);

    /// <summary>
    /// Requests the deletion of a record set; see <see cref="WaitUntilRecordSetDeletedAsync"/>.
    /// "DELETE /v2/zones/{zone}/recordsets/{id}".
    /// </summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteRecordSetAsync(string zoneId, string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(RecordSetPath(zoneId, id), cancellationToken);

    /// <summary>Waits until the name servers have the latest change of a record set.</summary>
    /// <exception cref="ResourceFailedException">The record set went to ERROR.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual Task<RecordSet> WaitUntilRecordSetActiveAsync(
        string zoneId, string id, TimeSpan timeout, CancellationToken cancellationToken = default) => WaitUntilActiveAsync(
        "record set", id, timeout, token => GetRecordSetAsync(zoneId, id, token), one => one.Status.Value, cancellationToken);

    /// <summary>Waits until a record set is deleted.</summary>
    /// <exception cref="ResourceFailedException">The record set went to ERROR instead.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual Task WaitUntilRecordSetDeletedAsync(
        string zoneId, string id, TimeSpan timeout, CancellationToken cancellationToken = default) => WaitUntilDeletedAsync(
        "record set",
        id,
        timeout,
        async token => (await GetRecordSetAsync(zoneId, id, token).ConfigureAwait(false)).Status.Value,
        cancellationToken);

    private static string RecordSetsPath(string zoneId) => $"/zones/{PathSegment.Of(zoneId)}/recordsets";

    private static string RecordSetPath(string zoneId, string id) => $"{RecordSetsPath(zoneId)}/{PathSegment.Of(id)}";
}
