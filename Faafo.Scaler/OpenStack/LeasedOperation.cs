using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack;

/// <summary>Runs what changes a flock while no other scaler can.</summary>
internal static class LeasedOperation
{
    /// <summary>Takes the lease, runs an operation, and gives the lease back after the operation's last call.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="names">The names of the flock's resources.</param>
    /// <param name="progress">Shows the containers that are created.</param>
    /// <param name="time">The clock.</param>
    /// <param name="act">The operation; its token is cancelled when the lease is lost.</param>
    /// <param name="stop">Interrupts it.</param>
    /// <exception cref="FailureException">Another scaler has the lease, or has taken it.</exception>
    public static async Task<T> RunAsync<T>(OpenStackClient cloud, ResourceNames names, Action<string> progress, TimeProvider time,
        Func<LeaderLease, CancellationToken, Task<T>> act, CancellationToken stop)
    {
        await using var lease = await LeaderLease.TakeAsync(cloud, names, progress, time, stop);
        using var leased = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
        try
        {
            return await act(lease, leased.Token);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
        {
            throw lease.Loss();
        }
    }
}
