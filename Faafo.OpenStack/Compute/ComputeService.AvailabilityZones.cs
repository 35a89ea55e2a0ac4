namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Lists the availability zones, also those that are not available now. "GET /os-availability-zone".</summary>
    public virtual IAsyncEnumerable<AvailabilityZone> ListAvailabilityZonesAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/os-availability-zone", "availabilityZoneInfo", ComputeJson.Default.AvailabilityZone, cancellationToken);
}
