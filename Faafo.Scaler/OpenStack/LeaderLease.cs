using System.Globalization;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Lets only one scaler at a time change what it scales: a lease on an object in a container. While it is held, no request that may change
/// something leaves the client once the lease is lost. The lease of a scaler that was killed on this host can be taken at once; of one that
/// was killed on another host, after a minute.
/// </summary>
internal sealed class LeaderLease : IAsyncDisposable
{
    /// <summary>The name of the object.</summary>
    public const string Object = "lease.json";

    /// <summary>The times of the lease.</summary>
    internal static readonly ObjectLeaseOptions Times = new();

    // How long a cloud may work on a request after its sender has hung up.
    private static readonly TimeSpan Aftermath = Times.TimeToLive - Times.Term;

    private readonly ObjectLease<LeaseHolder> _lease;
    private readonly LeasePlace _place;
    private readonly TimeProvider _time;
    private long? _abandoned;       // when the last request that may change something was cancelled

    private LeaderLease(OpenStackClient cloud, ObjectLease<LeaseHolder> lease, LeasePlace place, TimeProvider time)
    {
        _lease = lease;
        _place = place;
        _time = time;
        cloud.Session.AroundChange = ChangeAsync;
    }

    /// <summary>Cancelled when the lease is lost: the holder must change nothing from then on.</summary>
    public CancellationToken Lost => _lease.Lost;

    /// <summary>Whether the holder may change something at this moment.</summary>
    public bool IsHeld => _lease.IsHeld;

    /// <summary>Takes the lease.</summary>
    /// <param name="cloud">The cloud, for whose changes the lease is asked from then on.</param>
    /// <param name="place">The container, which must exist.</param>
    /// <param name="standby">Whether to wait for the lease of a living scaler, instead of failing.</param>
    /// <param name="progress">Receives a line when another scaler is waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FailureException">Another scaler has it.</exception>
    public static async Task<LeaderLease> TakeAsync(OpenStackClient cloud, LeasePlace place, bool standby, Action<string> progress,
        TimeProvider time, CancellationToken cancellationToken)
    {
        cloud.Session.AroundChange = null;      // of an earlier lease
        var holder = LeaseHolder.New(time.GetUtcNow());
        var awaited = "";
        while (true)
        {
            try
            {
                var lease = await cloud.ObjectStorage.AcquireLeaseAsync(place.Container, Object, holder,
                    LeaderLeaseJson.Default.LeaseHolder, HasEnded, Times with { TimeProvider = time }, cancellationToken);
                return new LeaderLease(cloud, lease, place, time);
            }
            catch (LeaseHeldException e) when (!standby)
            {
                throw new FailureException($"{Describe((LeaseHolder)e.Holder)} runs {place.Subject} already: stop it first", e);
            }
            catch (LeaseHeldException)
            {
                // The holder renews it; a standby keeps waiting.
            }
            catch (JsonException e)
            {
                throw new FailureException(
                    $"{place.Container}/{Object} is not the lease of a scaler ({e.Message}): delete it, unless a scaler is running", e);
            }
            catch (NotFoundException) when (place.EnsureAsync is not null)
            {
                await place.EnsureAsync(cancellationToken);
            }
            catch (NotFoundException e)
            {
                throw new FailureException($"the container {place.Container} is gone: {place.Subject} was deleted meanwhile", e);
            }
            catch (OpenStackException e) when (standby)
            {
                progress($"Cannot read the lease: {e.Message}; retrying");
                await Task.Delay(Times.RenewInterval, time, cancellationToken);
            }
        }

        bool HasEnded(LeaseHolder other)
        {
            if (other.HasEnded)
            {
                return true;
            }
            if (other.Id != awaited && other.Id != holder.Id)
            {
                awaited = other.Id;
                progress(standby
                    ? $"{Describe(other)} runs {place.Subject}: standing by"
                    : $"{Describe(other)} has the lease: it is taken over unless renewed within {Times.TimeToLive.TotalSeconds:0} s");
            }
            return false;
        }
    }

    /// <summary>Explains the loss of the lease, as an error for the user.</summary>
    public FailureException Loss(Exception? inner = null)
    {
        var reason = $"the lease could not be renewed within {Times.Term.TotalSeconds:0} s "
            + $"({_lease.RenewalFailure ?? "no answer, or this process was suspended"})";
        if (_lease.Successor is { } successor)
        {
            reason = $"another scaler has taken over {_place.Subject} ({Describe(successor)})";
        }
        else if (_lease.IsDeleted)
        {
            reason = $"the lease {_place.Container}/{Object} was deleted";
        }
        return new FailureException($"{reason}: this scaler stops and changes nothing more", inner);
    }

    /// <summary>Releases the lease once the cloud has ended its work on the last request. The client changes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_abandoned is { } last && IsHeld && Aftermath - _time.GetElapsedTime(last) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, _time, Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await _lease.DisposeAsync();
    }

    private async Task<HttpResponseMessage> ChangeAsync(Func<Task<HttpResponseMessage>> send)
    {
        if (!IsHeld)
        {
            throw Loss();
        }
        try
        {
            return await send();
        }
        catch (OperationCanceledException)
        {
            _abandoned = _time.GetTimestamp();
            throw;
        }
    }

    private static string Describe(LeaseHolder holder) =>
        string.Create(CultureInfo.InvariantCulture, $"a scaler (process {holder.Process} on {holder.Host}, since {holder.Since:u})");
}
