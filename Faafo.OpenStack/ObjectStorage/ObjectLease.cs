using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>
/// A lease that one holder at a time has: an object that is created with If-None-Match and read again, so that only one of several callers
/// has it, and that expires (X-Delete-After) unless its holder renews it. The holder acts only within <see cref="ObjectLeaseOptions.Term"/>
/// of its last confirmed renewal, so it has stopped before the object expires and another can acquire it. Swift has no conditional
/// replacement (If-Match is for reads), so a renewal reads the object before it replaces it. Disposal releases the lease.
/// </summary>
/// <typeparam name="THolder">The description of a holder in the object; holders are distinguished by equality, so each needs an id of its
/// own.</typeparam>
public sealed class ObjectLease<THolder> : IAsyncDisposable
    where THolder : class
{
    private readonly ObjectStorageService _storage;
    private readonly string _container;
    private readonly string _name;
    private readonly THolder _holder;
    private readonly JsonTypeInfo<THolder> _type;
    private readonly ObjectLeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _lost;
    private Task _renewing = Task.CompletedTask;

    internal ObjectLease(
        ObjectStorageService storage,
        string container,
        string name,
        THolder holder,
        JsonTypeInfo<THolder> type,
        ObjectLeaseOptions options,
        TimeProvider time)
    {
        _storage = storage;
        _container = container;
        _name = name;
        _holder = holder;
        _type = type;
        _options = options;
        _time = time;
        _lost = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>
    /// Cancelled when another holder has the lease, or when no renewal was confirmed within the term for whatever reason: the holder must
    /// change nothing from then on. A timer on the monotonic clock cancels it, so a renewal that hangs or throws cannot prevent it.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The holder that has replaced this one; <c>null</c> when the lease was lost for another reason, or not lost.</summary>
    public THolder? Successor { get; private set; }

    /// <summary>Whether a renewal found no object: it was deleted.</summary>
    public bool IsDeleted { get; private set; }

    /// <summary>The reason why the last renewal failed; <c>null</c> when none did.</summary>
    public string? RenewalFailure { get; private set; }

    /// <summary>Releases the lease if it is still this holder's; otherwise, or when Swift does not respond, it expires.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        try
        {
            using var limit = new CancellationTokenSource(_options.AttemptTimeout, _time);
            if (!_lost.IsCancellationRequested && _holder.Equals(await ReadAsync(limit.Token).ConfigureAwait(false)))
            {
                await _storage.DeleteObjectAsync(_container, _name, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OpenStackException or IOException or OperationCanceledException or JsonException)
        {
            // It expires by itself.
        }
        _end.Dispose();
        _lost.Dispose();
    }

    /// <summary>Tries once to create the object.</summary>
    /// <returns>False to try again: there is no object, or that of a holder that has ended was deleted.</returns>
    internal async Task<bool> TryAcquireAsync(Func<THolder, bool> hasEnded, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            await PutAsync(onlyIfNew: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ConflictException)
        {
            // Another holder's object, or this one's if the response to a first attempt was lost.
        }
        var found = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (_holder.Equals(found))
        {
            await Task.Delay(_options.SettleTime, _time, cancellationToken).ConfigureAwait(false);
            found = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        if (found is null)
        {
            return false;
        }
        if (_holder.Equals(found))
        {
            return Confirm(started);
        }
        if (!hasEnded(found))
        {
            throw new LeaseHeldException(_container, _name, found);
        }
        await _storage.DeleteObjectAsync(_container, _name, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Starts the renewals.</summary>
    internal void Start() => _renewing = RenewAsync();

    private async Task RenewAsync()
    {
        var delay = _options.RenewInterval;
        while (true)
        {
            try
            {
                await Task.Delay(delay, _time, _end.Token).ConfigureAwait(false);
                if (_lost.IsCancellationRequested || !await TryRenewAsync().ConfigureAwait(false))
                {
                    return;
                }
                delay = _options.RenewInterval;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the renewal was not confirmed, and the timer of Lost limits how long that may last.
            catch (Exception e)
#pragma warning restore CA1031
            {
                RenewalFailure = e is OperationCanceledException
                    ? $"Swift did not respond within {_options.AttemptTimeout.TotalSeconds:0} s"
                    : e.Message;
                delay = _options.RetryInterval;
            }
        }
    }

    /// <summary>Renews the lease once; false when it was lost to another holder or deleted.</summary>
    private async Task<bool> TryRenewAsync()
    {
        var started = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_options.AttemptTimeout, _time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token, _lost.Token);
        var found = await ReadAsync(attempt.Token).ConfigureAwait(false);
        if (!_holder.Equals(found))
        {
            Successor = found;
            IsDeleted = found is null;
            await _lost.CancelAsync().ConfigureAwait(false);
            return false;
        }
        await PutAsync(onlyIfNew: false, attempt.Token).ConfigureAwait(false);
        Confirm(started);
        return true;
    }

    // Counts from before the request was sent, because Swift counts from its arrival. False when that was too long ago.
    private bool Confirm(long started)
    {
        var remaining = _options.Term - _time.GetElapsedTime(started);
        if (remaining <= TimeSpan.Zero)
        {
            return false;
        }
        _lost.CancelAfter(remaining);
        return true;
    }

    private async Task PutAsync(bool onlyIfNew, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(_holder, _type));
        var options = new UploadOptions { OnlyIfNew = onlyIfNew, DeleteAfter = _options.TimeToLive, ContentType = "application/json" };
        await _storage.UploadObjectAsync(_container, _name, content, options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<THolder?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var download = await _storage.DownloadObjectAsync(_container, _name, null, cancellationToken).ConfigureAwait(false);
            await using (download.ConfigureAwait(false))
            {
                return await JsonSerializer.DeserializeAsync(download.Content, _type, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
