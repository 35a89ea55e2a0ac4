using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Heat;

/// <summary>The auto-scaling group of a stack, and its changes through webhooks: one at a time, each waited for.</summary>
internal sealed class AutoScalingGroup(OpenStackClient cloud, AutoScalingStack stack, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromMinutes(10);

    // Heat ignores a signal while the group changes.
    private readonly SemaphoreSlim _oneChange = new(1);

    /// <summary>Whether Heat could not create, change or delete a member.</summary>
    public static bool HasFailed(StackResource member) => member.Status?.IsFailed ?? false;

    /// <summary>The members, in the order in which Heat removes them.</summary>
    public async Task<List<StackResource>> MembersAsync(CancellationToken cancellationToken) =>
        await cloud.Orchestration.ListStackResourcesAsync(stack.Group, cancellationToken)
            .Where(member => member.Status != StackStatus.DeleteComplete)
            .OrderBy(member => !HasFailed(member)).ThenBy(member => member.CreationTime)
            .ThenBy(member => member.Name, StringComparer.Ordinal)
            .ToListAsync(cancellationToken);

    /// <summary>Marks a member unhealthy; Heat replaces it when it grows the next time.</summary>
    public Task MarkUnhealthyAsync(StackResource member, CancellationToken cancellationToken) =>
        cloud.Orchestration.MarkUnhealthyAsync(stack.Group, member.Name, "Its work for Faafo has ended.", cancellationToken);

    /// <summary>
    /// Calls a webhook and waits until the group has changed. Heat acknowledges a signal before evaluating it, and ignores it silently
    /// during a cooldown.
    /// </summary>
    /// <param name="choose">Chooses the webhook by the members.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The webhook that was called.</returns>
    /// <exception cref="ProviderException">Heat ignored the signal.</exception>
    public async Task<Uri> ChangeAsync(Func<List<StackResource>, Task<Uri>> choose, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            await Poll.UntilAsync(async () => !await IsChangingAsync(cancellationToken), ChangeTimeout, PollInterval, time,
                cancellationToken);
            var before = await MembersAsync(cancellationToken);
            var webhook = await choose(before);
            await cloud.Orchestration.SignalAsync(webhook, CancellationToken.None);
            if (!await Poll.UntilAsync(() => HasReactedAsync(before, cancellationToken), AcknowledgeTimeout, PollInterval, time,
                cancellationToken))
            {
                throw new ProviderException(ProviderErrorKind.Conflict, $"the stack {stack.Name} ignored the signal: "
                    + $"it is in its cooldown, or at its limit of {stack.Min} to {stack.Max} workers");
            }
            await Poll.UntilAsync(async () => !await IsChangingAsync(cancellationToken), ChangeTimeout, PollInterval, time,
                cancellationToken);
            return webhook;
        }
        finally
        {
            _oneChange.Release();
        }
    }

    public void Dispose() => _oneChange.Dispose();

    private async Task<bool> HasReactedAsync(List<StackResource> before, CancellationToken cancellationToken)
    {
        if (await IsChangingAsync(cancellationToken))
        {
            return true;
        }
        var now = await MembersAsync(cancellationToken);
        return !now.Select(member => member.PhysicalId).ToHashSet().SetEquals(before.Select(member => member.PhysicalId));
    }

    private async Task<bool> IsChangingAsync(CancellationToken cancellationToken)
    {
        var group = await cloud.Orchestration.GetStackAsync(stack.Group, cancellationToken);
        return group.Status.IsInProgress;
    }
}
