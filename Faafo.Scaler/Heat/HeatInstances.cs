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

    private readonly OpenStackClient _cloud;
    private readonly AutoScalingStack _stack;
    private readonly AutoScalingGroup _group;

    // Workers that Heat has created as replacements of unhealthy ones; the loop asks for them separately.
    private int _replacements;

    private HeatInstances(OpenStackClient cloud, AutoScalingStack stack, TimeProvider time)
    {
        _cloud = cloud;
        _stack = stack;
        _group = new AutoScalingGroup(cloud, stack, time);
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
    public static Task<HeatInstances> FindAsync(
        OpenStackClient cloud, string name, TimeProvider time, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync($"use the stack {name}", async () =>
        {
            var stack = await cloud.Orchestration.GetStackAsync(name, cancellationToken);
            var groups = await cloud.Orchestration.ListStackResourcesAsync(name, cancellationToken)
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
            var members = await _group.MembersAsync(cancellationToken);
            var servers = await _cloud.Compute.ListServersAsync(cancellationToken: cancellationToken)
                .ToDictionaryAsync(server => server.Id, cancellationToken: cancellationToken);
            return [.. members.Select((member, index) =>
            {
                var server = servers.GetValueOrDefault(member.PhysicalId ?? "");
                var mayWork = server is null ? member.Status == StackStatus.CreateInProgress : FlockServers.MayWork(server);
                return ToInstance(member, index, mayWork && !AutoScalingGroup.HasFailed(member)) with
                {
                    Held = server is null ? null : FlockServers.HeldStatus(server),
                };
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
                await _group.ChangeAsync(_ => Task.FromResult(_stack.ScaleUp), cancellationToken);
            }
            return (await ListAsync(cancellationToken)).MaxBy(instance => instance.CreatedAt)!;
        });

    public Task DeleteAsync(Instance instance, CancellationToken cancellationToken) =>
        ProviderErrors.TranslateErrorsAsync($"remove {instance.Name}", async () =>
        {
            var webhook = await _group.ChangeAsync(async members =>
            {
                if (members.Count > Min && IsSame(members[0]) && !AutoScalingGroup.HasFailed(members[0]))
                {
                    return _stack.ScaleDown;
                }
                // Heat always removes the oldest member. To remove another, mark it unhealthy and scale out: Heat replaces it without
                // counting it first, so the size stays the same.
                var member = members.Find(IsSame);
                if (member is not null && !AutoScalingGroup.HasFailed(member))
                {
                    await _group.MarkUnhealthyAsync(member, cancellationToken);
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

    public void Dispose() => _group.Dispose();

    // Heat's times have whole seconds; the index keeps its order among members of the same second.
    private static Instance ToInstance(StackResource member, int index, bool isRunning)
    {
        var createdAt = (member.CreationTime ?? DateTimeOffset.MinValue).AddTicks(index);
        return member.PhysicalId is { Length: > IdDigits } id
            ? new Instance(id, $"{FlockSpec.Worker}-{id[..IdDigits]}", FlockSpec.Worker, createdAt, isRunning)
            : new Instance(member.Name, member.Name, FlockSpec.Worker, createdAt, isRunning);
    }
}
