using System.Globalization;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Lets only one scaler at a time work on a flock of a cloud: a lease on an object in the flock's container. The lease of a scaler that was
/// killed on this host can be taken at once; of one that was killed on another host, a minute later.
/// </summary>
internal sealed class LeaderLease : IAsyncDisposable
{
    /// <summary>The name of the object.</summary>
    public const string Object = "lease.json";

    /// <summary>The times of the lease.</summary>
    internal static readonly ObjectLeaseOptions Times = new();

    private readonly ObjectLease<LeaseHolder> _lease;
    private readonly ResourceNames _names;

    private LeaderLease(ObjectLease<LeaseHolder> lease, ResourceNames names)
    {
        _lease = lease;
        _names = names;
    }

    /// <summary>Cancelled when the lease is lost: the holder must change nothing from then on.</summary>
    public CancellationToken Lost => _lease.Lost;

    /// <summary>Takes the lease.</summary>
    /// <exception cref="FailureException">Another scaler has it.</exception>
    public static async Task<LeaderLease> TakeAsync(
        OpenStackClient cloud, ResourceNames names, Action<string> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        await SecretStore.EnsureContainerAsync(cloud, names, names.Container, progress, cancellationToken);
        var holder = LeaseHolder.New(time.GetUtcNow());
        try
        {
            var lease = await cloud.ObjectStorage.AcquireLeaseAsync(
                names.Container, Object, holder, LeaderLeaseJson.Default.LeaseHolder, other => other.HasEnded,
                Times with { TimeProvider = time }, cancellationToken);
            return new LeaderLease(lease, names);
        }
        catch (LeaseHeldException e)
        {
            throw new FailureException($"{Describe((LeaseHolder)e.Holder)} runs the flock '{names.Flock}' already: stop it first; "
                + $"if it was killed, its lease expires within {Times.TimeToLive.TotalSeconds:0} s", e);
        }
        catch (JsonException e)
        {
            throw new FailureException($"{names.Container}/{Object} is not the lease of a scaler ({e.Message}): "
                + $"it expires within {Times.TimeToLive.TotalSeconds:0} s if a scaler wrote it; delete it otherwise", e);
        }
    }

    /// <summary>Explains the loss of the lease, as an error for the user.</summary>
    public FailureException Loss()
    {
        var reason = $"the lease could not be renewed within {Times.Term.TotalSeconds:0} s "
            + $"({_lease.RenewalFailure ?? "Swift does not respond"})";
        if (_lease.Successor is { } successor)
        {
            reason = $"another scaler has taken over the flock ({Describe(successor)})";
        }
        else if (_lease.IsDeleted)
        {
            reason = $"the lease {_names.Container}/{Object} was deleted";
        }
        return new FailureException($"{reason}: this scaler stops and changes nothing more");
    }

    /// <summary>Releases the lease.</summary>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    private static string Describe(LeaseHolder holder) =>
        string.Create(CultureInfo.InvariantCulture, $"a scaler (process {holder.Process} on {holder.Host}, since {holder.Since:u})");
}
