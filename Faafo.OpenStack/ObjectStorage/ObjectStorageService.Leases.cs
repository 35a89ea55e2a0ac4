using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    /// <summary>
    /// Acquires a lease on an object, and renews it until it is disposed of or lost. The lease of another holder is watched: it is taken
    /// once it was not renewed for its time to live, which takes a minute. "PUT /v1/{account}/{container}/{object}".
    /// </summary>
    /// <param name="container">The container, which must exist.</param>
    /// <param name="name">The object.</param>
    /// <param name="holder">The holder, which must differ from all others.</param>
    /// <param name="type">How a holder is written to the object and read.</param>
    /// <param name="hasEnded">
    /// Whether another holder has certainly ended, so that its lease can be replaced at once. Called for each holder that is waited for.
    /// </param>
    /// <param name="options">The times; <c>null</c> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call; what was stored is deleted.</param>
    /// <exception cref="LeaseHeldException">Another holder has the lease, and renews it.</exception>
    /// <exception cref="JsonException">The object exists and is not a lease.</exception>
    public virtual async Task<ObjectLease<THolder>> AcquireLeaseAsync<THolder>(
        string container,
        string name,
        THolder holder,
        JsonTypeInfo<THolder> type,
        Func<THolder, bool> hasEnded,
        ObjectLeaseOptions? options = null,
        CancellationToken cancellationToken = default)
        where THolder : class
    {
        options ??= new ObjectLeaseOptions();
        var time = options.TimeProvider ?? _client.Session.Options.TimeProvider;
        var lease = new ObjectLease<THolder>(this, container, name, holder, type, options, time);
        try
        {
            await lease.AcquireAsync(hasEnded, cancellationToken).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false); // The object of an interrupted call may have been stored.
            throw;
        }
    }
}
