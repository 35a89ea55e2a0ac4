using System.Globalization;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Provision;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// One scaler at a time for one flock of a cloud: an object in the flock's container that is made with If-None-Match and read
/// again, so that one of several has it, and that Swift forgets by itself (X-Delete-After) unless its holder renews it. The holder acts only
/// within <see cref="Term"/> of its last confirmed renewal, so it has stopped before the object ends and another can take it. A holder that
/// was killed on this host is seen to have ended at once; on another host, a minute later.
/// </summary>
internal sealed partial class LeaderLease : IAsyncDisposable
{
    /// <summary>The name of the object.</summary>
    public const string Object = "lease.json";

    /// <summary>How long Swift keeps the object after a renewal.</summary>
    internal static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    /// <summary>How long after a renewal was sent the holder may act; the rest of the object's life is for calls that are under way.</summary>
    internal static readonly TimeSpan Term = TimeSpan.FromSeconds(45);

    /// <summary>Time between two renewals.</summary>
    internal static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(15);

    /// <summary>How long one attempt at a renewal may take, whatever Swift does.</summary>
    internal static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Time between a failed renewal and the next one.</summary>
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Swift looks whether an object is there and stores it a moment later, so that several who ask at once are all told that they made it
    /// (swift/obj/server.py, PUT). Whose it is in the end is known once all of them have been stored.
    /// </summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly OpenStackClient _cloud;
    private readonly ResourceNames _names;
    private readonly TimeProvider _time;
    private readonly LeaseHolder _holder;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _lost;
    private LeaseHolder? _successor;
    private string? _failure;
    private bool _gone;
    private Task _renewing = Task.CompletedTask;

    private LeaderLease(OpenStackClient cloud, ResourceNames names, TimeProvider time)
    {
        (_cloud, _names, _time) = (cloud, names, time);
        _holder = LeaseHolder.New(time.GetUtcNow());
        _lost = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    /// <summary>
    /// Set when another has the lease, or when no renewal was confirmed within <see cref="Term"/> for whatever reason: the holder must change
    /// nothing from then on. A timer on the monotonic clock sets it, so that a renewal that hangs or dies cannot prevent it.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why the lease was lost, as an error for the user.</summary>
    public FailureException Loss() => new((_successor is { } other ? $"another scaler has taken the flock over ({Describe(other)})"
        : _gone ? $"the lease {_names.Container}/{Object} was deleted"
        : $"the lease could not be renewed within {Term.TotalSeconds:0} s ({_failure ?? "Swift does not respond"})")
        + ": this scaler changes nothing any more");

    /// <summary>Takes the lease.</summary>
    /// <exception cref="FailureException">Another scaler has it.</exception>
    public static async Task<LeaderLease> TakeAsync(OpenStackClient cloud, ResourceNames names, Action<string> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        await SecretStore.EnsureContainerAsync(cloud, names, names.Container, progress, cancellationToken);
        var lease = new LeaderLease(cloud, names, time);
        try
        {
            while (!await lease.TryTakeAsync(cancellationToken))
            {
                // There was none, or that of a scaler that has ended.
            }
        }
        catch
        {
            await lease.DisposeAsync();     // interrupted, it may have been stored
            throw;
        }
        lease._renewing = lease.RenewAsync();
        return lease;
    }

    /// <summary>Gives it back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        try
        {
            using var limit = new CancellationTokenSource(AttemptTimeout, _time);
            if (!_lost.IsCancellationRequested && (await ReadAsync(limit.Token))?.Id == _holder.Id)
            {
                await _cloud.ObjectStorage.DeleteObjectAsync(_names.Container, Object, limit.Token);
            }
        }
        catch (Exception e) when (e is OpenStackException or IOException or OperationCanceledException or JsonException)
        {
            // It ends by itself.
        }
        _end.Dispose();
        _lost.Dispose();
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            await PutAsync(onlyIfNew: true, cancellationToken);
        }
        catch (ConflictException)
        {
            // Another's is there; it is our own if the answer to a first attempt was lost.
        }
        var holder = await ReadOthersAsync(cancellationToken);
        if (holder?.Id == _holder.Id)
        {
            await Task.Delay(Settling, _time, cancellationToken);
            holder = await ReadOthersAsync(cancellationToken);
        }
        if (holder is null || holder.Id == _holder.Id)
        {
            return holder is not null && Confirm(started);
        }
        if (!holder.HasEnded)
        {
            throw new FailureException($"{Describe(holder)} runs the flock '{_names.Flock}' already: stop it first; "
                + $"if it was killed, its lease ends within {TimeToLive.TotalSeconds:0} s");
        }
        await _cloud.ObjectStorage.DeleteObjectAsync(_names.Container, Object, cancellationToken);
        return false;
    }

    private async Task RenewAsync()
    {
        var pause = RenewInterval;
        while (true)
        {
            try
            {
                await Task.Delay(pause, _time, _end.Token);
                if (_lost.IsCancellationRequested)
                {
                    return;
                }
                var started = _time.GetTimestamp();
                using var limit = new CancellationTokenSource(AttemptTimeout, _time);
                using var attempt = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token, _lost.Token);
                var holder = await ReadAsync(attempt.Token);
                if (holder?.Id != _holder.Id)
                {
                    (_successor, _gone) = (holder, holder is null);
                    await _lost.CancelAsync();
                    return;
                }
                await PutAsync(onlyIfNew: false, attempt.Token);
                Confirm(started);
                pause = RenewInterval;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the renewal was not confirmed, and the timer of Lost decides how long that may last.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _failure = e is OperationCanceledException ? $"Swift did not respond within {AttemptTimeout.TotalSeconds:0} s" : e.Message;
                pause = RetryInterval;
            }
        }
    }

    // Counted from before the request was sent: Swift counts from its arrival. False when that was too long ago.
    private bool Confirm(long started)
    {
        var left = Term - _time.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
        {
            _lost.CancelAfter(left);
        }
        return left > TimeSpan.Zero;
    }

    private static string Describe(LeaseHolder holder) =>
        string.Create(CultureInfo.InvariantCulture, $"a scaler (process {holder.Process} on {holder.Host}, since {holder.Since:u})");

    private async Task PutAsync(bool onlyIfNew, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(_holder, LeaderLeaseJson.Default.LeaseHolder));
        await _cloud.ObjectStorage.UploadAsync(_names.Container, Object, content,
            new UploadOptions { OnlyIfNew = onlyIfNew, DeleteAfter = TimeToLive, ContentType = "application/json" }, cancellationToken);
    }

    private async Task<LeaseHolder?> ReadOthersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(cancellationToken);
        }
        catch (JsonException e)
        {
            throw new FailureException($"{_names.Container}/{Object} is not the lease of a scaler ({e.Message}): "
                + $"it ends within {TimeToLive.TotalSeconds:0} s if a scaler wrote it; delete it otherwise", e);
        }
    }

    private async Task<LeaseHolder?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await _cloud.ObjectStorage.DownloadAsync(_names.Container, Object, cancellationToken: cancellationToken);
            return await JsonSerializer.DeserializeAsync(download.Content, LeaderLeaseJson.Default.LeaseHolder, cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
