namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    /// <summary>Reads how much the account stores and may store. "HEAD /v1/{account}".</summary>
    public virtual async Task<Account> GetAccountAsync(CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync("", cancellationToken).ConfigureAwait(false);
        return new Account
        {
            ContainerCount = ObjectHeaders.Number(response, "X-Account-Container-Count") ?? 0,
            ObjectCount = ObjectHeaders.Number(response, "X-Account-Object-Count") ?? 0,
            Bytes = ObjectHeaders.Number(response, "X-Account-Bytes-Used") ?? 0,
            QuotaBytes = ObjectHeaders.Number(response, "X-Account-Quota-Bytes")
                ?? ObjectHeaders.Number(response, "X-Account-Meta-Quota-Bytes"),
            Metadata = ObjectHeaders.ReadMetadata(response, "X-Account-Meta-"),
        };
    }
}
