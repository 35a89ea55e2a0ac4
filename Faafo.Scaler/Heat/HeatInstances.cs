using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Heat;

/// <summary>
/// The workers of a Heat stack as instances. The webhooks of the stack add and remove workers, within its limits and its cooldown. The
/// node of a worker has the first digits of its server's id in its name, since all servers of a group have the same name.
/// </summary>
internal sealed class HeatInstances : IInstanceProvider, IDisposable
{
    private const int IdDigits = 8;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromMinutes(10);

    private readonly OpenStackClient _cloud;
    private readonly AutoScalingStack _stack;
    private readonly TimeProvider _time;

    // Heat ignores a signal while the group changes.
    private readonly SemaphoreSlim _oneChange = new(1);

    // Workers that Heat has created as replacements of unhealthy ones; the loop asks for them separately.
    private int _replacements;

    private HeatInstances(OpenStackClient cloud, AutoScalingStack stack, TimeProvider time)
    {
        _cloud = cloud;
        _stack = stack;
        _time = time;
    }

    /// <summary>The fewest workers that Heat keeps.</summary>
    public int Min => _stack.Min;

    /// <summary>The most workers that Heat creates.</summary>
    public int Max => _stack.Max;

    /// <summary>The stack's API.</summary>
    public Uri Endpoint => _stack.Api;

    /// <summary>Finds a stack by name or id.</summary>
    /// <exception cref="FailureException">The stack does not have one group of workers that can be scaled.</exception>
    /// <exception cref="ProviderException">The cloud failed, or has no such stack.</exception>
    public static Task<HeatInstances> FindAsync(OpenStackClient cloud, string name, TimeProvider time, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync($"use the stack {name}", async () =>
        {
            var stack = await cloud.Orchestration.GetStackAsync(name, cancellationToken);
            var groups = await cloud.Orchestration.ListResourcesAsync(name, cancellationToken)
                .Where(resource => resource.Type == AutoScalingStack.GroupType).ToListAsync(cancellationToken);
            if (groups is not [{ PhysicalId: { Length: > 0 } group }])
            {
                throw new FailureException(
                    $"the stack {name} must have exactly one existing resource of type {AutoScalingStack.GroupType} (got {groups.Count})");
            }
            return new HeatInstances(cloud, AutoScalingStack.Read(stack, group), time);
        });

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync<IReadOnlyList<Instance>>("list the stack's workers", async () =>
        {
            var members = await MembersAsync(cancellationToken);
            var servers = await _cloud.Compute.ListServersAsync(cancellationToken: cancellationToken)
                .ToDictionaryAsync(server => server.Id, cancellationToken: cancellationToken);
            return [.. members.Select((member, index) =>
            {
                var server = servers.GetValueOrDefault(member.PhysicalId ?? "");
                var isAlive = server is null ? member.Status == "CREATE_IN_PROGRESS" : FlockServers.IsAlive(server);
                return ToInstance(member, index, isAlive && !HasFailed(member));
            })];
        });

    /// <summary>Adds one worker; Heat chooses its name.</summary>
    public Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync("add a worker", async () =>
        {
            if (_replacements > 0)
            {
                _replacements--;
            }
            else
            {
                await ChangeAsync(_ => Task.FromResult(_stack.ScaleUp), cancellationToken);
            }
            return (await ListAsync(cancellationToken)).MaxBy(instance => instance.CreatedAt)!;
        });

    /// <summary>Does nothing: the API drains a worker, not Heat.</summary>
    public Task StopAsync(Instance instance, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeleteAsync(Instance instance, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync($"remove {instance.Name}", async () =>
        {
            var webhook = await ChangeAsync(async members =>
            {
                if (members.Count > Min && IsSame(members[0]) && !HasFailed(members[0]))
                {
                    return _stack.ScaleDown;
                }
                // Heat always removes the oldest member. To remove another, mark it unhealthy and scale out: Heat replaces it without
                // counting it first, so the size stays the same.
                var member = members.Find(IsSame);
                if (member is not null && !HasFailed(member))
                {
                    await _cloud.Orchestration.MarkUnhealthyAsync(
                        _stack.Group, member.Name, "Its work for Faafo has ended.", cancellationToken);
                }
                return _stack.ScaleUp;
            }, cancellationToken);
            return webhook == _stack.ScaleUp ? ++_replacements : _replacements;

            bool IsSame(StackResource member) => instance.Id == member.PhysicalId || instance.Id == member.Name;
        });

    /// <summary>Finds none: Heat itself replaces the workers when the template changes.</summary>
    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<string>>(new HashSet<string>());

    public Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public void Dispose() => _oneChange.Dispose();

    private static bool HasFailed(StackResource member) => member.Status?.EndsWith("_FAILED", StringComparison.Ordinal) ?? false;

    // Heat's times have whole seconds; the index keeps its order among members of the same second.
    private static Instance ToInstance(StackResource member, int index, bool isRunning)
    {
        var createdAt = (member.CreationTime ?? DateTimeOffset.MinValue).AddTicks(index);
        return member.PhysicalId is { Length: > IdDigits } id
            ? new Instance(id, $"{FlockSpec.Worker}-{id[..IdDigits]}", FlockSpec.Worker, createdAt, isRunning)
            : new Instance(member.Name, member.Name, FlockSpec.Worker, createdAt, isRunning);
    }

    // In the order in which Heat removes them.
    private async Task<List<StackResource>> MembersAsync(CancellationToken cancellationToken) =>
        await _cloud.Orchestration.ListResourcesAsync(_stack.Group, cancellationToken)
            .Where(member => member.Status != "DELETE_COMPLETE")
            .OrderBy(member => !HasFailed(member)).ThenBy(member => member.CreationTime).ThenBy(member => member.Name, StringComparer.Ordinal)
            .ToListAsync(cancellationToken);

    // Calls a webhook and waits until the group has changed. Heat acknowledges a signal before evaluating it, and ignores it silently during
    // a cooldown.
    private async Task<Uri> ChangeAsync(Func<List<StackResource>, Task<Uri>> choose, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            await PollAsync(async () => !await IsChangingAsync(cancellationToken), ChangeTimeout, cancellationToken);
            var before = await MembersAsync(cancellationToken);
            var webhook = await choose(before);
            await _cloud.Orchestration.SignalAsync(webhook, CancellationToken.None);
            if (!await PollAsync(() => HasReactedAsync(before, cancellationToken), AcknowledgeTimeout, cancellationToken))
            {
                throw new ProviderException(ProviderErrorKind.Conflict, $"the stack {_stack.Name} ignored the signal: it is in its cooldown, "
                    + $"or at its limit of {Min} to {Max} workers");
            }
            await PollAsync(async () => !await IsChangingAsync(cancellationToken), ChangeTimeout, cancellationToken);
            return webhook;
        }
        finally
        {
            _oneChange.Release();
        }
    }

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
        var group = await _cloud.Orchestration.GetStackAsync(_stack.Group, cancellationToken);
        return group.Status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal);
    }

    // Whether the condition held within the timeout.
    private async Task<bool> PollAsync(Func<Task<bool>> condition, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (!await condition())
        {
            if (_time.GetElapsedTime(started) > timeout)
            {
                return false;
            }
            await Task.Delay(PollInterval, _time, cancellationToken);
        }
        return true;
    }
}
