using System.Text.Json.Serialization.Metadata;

namespace Faafo.OpenStack.ObjectStorage;

/// <summary>
/// A lease that one holder at a time has: an object that its holder renews. It needs nothing of the store but that a written object is
/// read back: neither conditional requests, which Swift does not carry out atomically and other stores ignore, nor the store's clock.
/// Others take it when it was not renewed for <see cref="ObjectLeaseOptions.TimeToLive"/> by their own monotonic clock; the holder stops
/// acting after <see cref="ObjectLeaseOptions.Term"/> without a confirmed renewal by its own. Disposal releases the lease.
/// </summary>
/// <typeparam name="THolder">The description of a holder in the object; holders are distinguished by equality, so each needs an id of its
/// own.</typeparam>
public sealed class ObjectLease<THolder> : IAsyncDisposable
    where THolder : class
{
    private readonly LeaseObject<THolder> _object;
    private readonly THolder _holder;
    private readonly ObjectLeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _lost;
    private Task _renewing = Task.CompletedTask;
    private long _renewals;
    private bool _isAcquired;
    private bool _isReleased;
    private long? _sent;        // when the last confirmed write was sent

    internal ObjectLease(
        ObjectStorageService storage,
        string container,
        string name,
        THolder holder,
        JsonTypeInfo<THolder> type,
        ObjectLeaseOptions options,
        TimeProvider time)
    {
        _object = new LeaseObject<THolder>(storage, container, name, type, options.Retention);
        _holder = holder;
        _options = options;
        _time = time;
        _lost = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Lost = _lost.Token;
    }

    /// <summary>
    /// Cancelled when another holder has the lease, or when no renewal was confirmed within the term for whatever reason: the holder must
    /// change nothing from then on. A timer on the monotonic clock cancels it, so a renewal that hangs or throws cannot prevent it.
    /// </summary>
    public CancellationToken Lost { get; }

    /// <summary>
    /// Whether the holder may act at this moment. Unlike <see cref="Lost"/> it needs no timer to fire, so it is also right in a process
    /// that continues after a suspension: <see cref="CloudSession.AroundChange"/> is the place to ask it.
    /// </summary>
    public bool IsHeld => _isAcquired && !_isReleased && IsInTerm;

    /// <summary>The holder that has replaced this one; <c>null</c> when the lease was lost for another reason, or not lost.</summary>
    public THolder? Successor { get; private set; }

    /// <summary>Whether a renewal found no object: it was deleted.</summary>
    public bool IsDeleted { get; private set; }

    /// <summary>The reason why the last renewal failed; <c>null</c> when none did.</summary>
    public string? RenewalFailure { get; private set; }

    private bool IsInTerm
    {
        get
        {
            lock (_lock)
            {
                return _sent is { } sent && !Lost.IsCancellationRequested && _time.GetElapsedTime(sent) < _options.Term;
            }
        }
    }

    /// <summary>
    /// Releases the lease if it is still this holder's; otherwise, or when Swift does not respond, others take it after its time to live.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        try
        {
            using var limit = new CancellationTokenSource(_options.AttemptTimeout, _time);
            if (_isAcquired && IsInTerm && _holder.Equals((await _object.ReadAsync(limit.Token).ConfigureAwait(false))?.Holder) && IsInTerm)
            {
                await _object.DeleteAsync(limit.Token).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it is, others wait until the lease has not been renewed for its time to live.
        catch (Exception e)
#pragma warning restore CA1031
        {
            RenewalFailure = e.Message;
        }
        _isReleased = true;
        _end.Dispose();
        _lost.Dispose();
    }

    /// <summary>Acquires the lease, and starts to renew it.</summary>
    /// <exception cref="LeaseHeldException">Another holder renews it.</exception>
    internal async Task AcquireAsync(Func<THolder, bool> hasEnded, CancellationToken cancellationToken)
    {
        var watch = new LeaseWatch<THolder>(_object, _holder, hasEnded, _options, _time);
        bool isTaken;
        do
        {
            var (free, asked) = await watch.UntilFreeAsync(cancellationToken).ConfigureAwait(false);
            isTaken = await TryTakeAsync(free, asked, cancellationToken).ConfigureAwait(false);
        }
        while (!isTaken);
        _renewing = RenewAsync();
    }

    // Fischer's algorithm for mutual exclusion: read, write within a limit, wait as long, and read again.
    private async Task<bool> TryTakeAsync(LeaseSighting<THolder>? free, long asked, CancellationToken cancellationToken)
    {
        var sent = _time.GetTimestamp();
        try
        {
            await _object.WriteAsync(_holder, renewals: 0, onlyIfNew: free is null, cancellationToken).ConfigureAwait(false);
        }
        catch (ConflictException)
        {
            // Another holder's object, or this one's if the response to a first attempt was lost.
        }
        if (_time.GetElapsedTime(asked) > _options.SettleTime)
        {
            // Too late: it may have overwritten another's. It counts as another's from now on, so it is respected for its time to live.
            return false;
        }
        _sent = sent;
        // Not cancelled: only a holder may delete the object, because another candidate may have overwritten it meanwhile.
        await Task.Delay(_options.SettleTime, _time, CancellationToken.None).ConfigureAwait(false);
        var settled = await _object.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        if (!_holder.Equals(settled?.Holder) || !IsInTerm)
        {
            _sent = null;
            return false;
        }
        // The first renewal shows others that this holder was more than a candidate.
        sent = _time.GetTimestamp();
        _isAcquired = true;
        cancellationToken.ThrowIfCancellationRequested();
        await _object.WriteAsync(_holder, ++_renewals, onlyIfNew: false, cancellationToken).ConfigureAwait(false);
        _isAcquired = Confirm(sent);
        return _isAcquired;
    }

    private async Task RenewAsync()
    {
        var delay = _options.RenewInterval;
        while (true)
        {
            try
            {
                await Task.Delay(delay, _time, _end.Token).ConfigureAwait(false);
                if (!await TryRenewAsync().ConfigureAwait(false))
                {
                    await _lost.CancelAsync().ConfigureAwait(false);
                    return;
                }
                delay = _options.RenewInterval;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested || Lost.IsCancellationRequested)
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

    /// <summary>Renews the lease once; false when it was lost.</summary>
    private async Task<bool> TryRenewAsync()
    {
        var sent = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_options.AttemptTimeout, _time);
        // Not cancelled by the end: a renewal that arrives after the release would store the object again.
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Lost);
        var found = await _object.ReadAsync(attempt.Token).ConfigureAwait(false);
        if (!_holder.Equals(found?.Holder))
        {
            Successor = found?.Holder;
            IsDeleted = found is null;
            return false;
        }
        if (!IsInTerm)
        {
            RenewalFailure = "this process was suspended";
            return false;
        }
        await _object.WriteAsync(_holder, ++_renewals, onlyIfNew: false, attempt.Token).ConfigureAwait(false);
        return Confirm(sent);
    }

    // Counts from before the request was sent, because others count from its arrival. False when the term has ended.
    private bool Confirm(long sent)
    {
        lock (_lock)
        {
            if (_sent is { } last && _time.GetElapsedTime(last) >= _options.Term)
            {
                return false;
            }
            _sent = sent;
            var remaining = _options.Term - _time.GetElapsedTime(sent);
            if (remaining > TimeSpan.Zero)
            {
                _lost.CancelAfter(remaining);
            }
            return remaining > TimeSpan.Zero;
        }
    }
}
