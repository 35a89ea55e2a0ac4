using Faafo.OpenStack;
using Faafo.Options;

namespace Faafo.Scaler.OpenStack;

/// <summary>Runs what changes a flock or a stack while no other scaler can.</summary>
internal static class LeasedOperation
{
    /// <summary>Takes the lease, runs an operation, and gives the lease back after the operation's last call.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="place">The container, which must exist.</param>
    /// <param name="standby">Whether to wait for the lease of a living scaler, instead of failing.</param>
    /// <param name="progress">Receives a line when another scaler is waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="act">The operation; its token is cancelled when the lease is lost.</param>
    /// <param name="stop">Interrupts it.</param>
    /// <exception cref="FailureException">Another scaler has the lease, or has taken it.</exception>
    public static async Task<T> RunAsync<T>(OpenStackClient cloud, LeasePlace place, bool standby, Action<string> progress,
        TimeProvider time, Func<LeaderLease, CancellationToken, Task<T>> act, CancellationToken stop)
    {
        await using var lease = await LeaderLease.TakeAsync(cloud, place, standby, progress, time, stop);
        using var leased = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
        T result;
        try
        {
            result = await act(lease, leased.Token);
        }
        catch (Exception e) when (!lease.IsHeld)
        {
            throw lease.Loss(e);
        }
        return lease.IsHeld ? result : throw lease.Loss();
    }
}
