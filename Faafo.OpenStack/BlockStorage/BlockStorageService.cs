namespace Faafo.OpenStack.BlockStorage;

/// <summary>
/// Cinder: volumes, their types and snapshots, and quotas. Attach volumes with
/// <see cref="Compute.ComputeService.AttachVolumeAsync(string, string, CancellationToken)"/>.
/// </summary>
public partial class BlockStorageService
{
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected BlockStorageService()
    {
        _client = null!;
    }

    internal BlockStorageService(CloudSession session) => _client = new ServiceClient(session, ServiceType.BlockStorage);

    // Reads the status until the resource is gone (404).
    private async Task WaitUntilGoneAsync(
        string what, string id, TimeSpan timeout, Func<CancellationToken, Task<string>> status, CancellationToken cancellationToken)
    {
        var last = await _client.Poller.UntilAsync(
            $"{what} {id}",
            timeout,
            async token =>
            {
                try
                {
                    return await status(token).ConfigureAwait(false);
                }
                catch (NotFoundException)
                {
                    return "deleted";
                }
            },
            seen => seen == "deleted" || seen.StartsWith("error", StringComparison.Ordinal),
            seen => seen,
            null,
            cancellationToken).ConfigureAwait(false);
        if (last != "deleted")
        {
            throw new ResourceFailedException(what, id, last, null);
        }
    }
}
