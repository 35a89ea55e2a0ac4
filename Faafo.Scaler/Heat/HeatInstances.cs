using System.Globalization;
using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Heat;

/// <summary>
/// The workers of a stack that Heat has made, as instances: the stack's own webhooks make them more and fewer, within its limits and its
/// cooldown. Among the nodes a worker has the first digits of its server's id in its name, since all servers of a group are called alike.
/// </summary>
internal sealed class HeatInstances : IInstanceProvider, IDisposable
{
    private const string GroupType = "OS::Heat::AutoScalingGroup";
    private const int IdDigits = 8;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromMinutes(10);

    private readonly OpenStackClient _cloud;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly string _group;
    private readonly Uri _up;
    private readonly Uri _down;

    // Heat ignores a call while the group changes.
    private readonly SemaphoreSlim _one = new(1);

    // Workers that Heat has put in the place of broken ones: the loop asks for them besides.
    private int _replaced;

    private HeatInstances(OpenStackClient cloud, Stack stack, string group, TimeProvider time)
    {
        (_cloud, _name, _group, _time) = (cloud, stack.Name, group, time);
        (_up, _down, Endpoint) = (Address("scale_up_url"), Address("scale_down_url"), Address("api_url"));
        (Min, Max) = (Number("min_workers"), Number("max_workers"));

        Uri Address(string key) => Uri.TryCreate(stack.Output(key), UriKind.Absolute, out var address) ? address : throw Lacks(key, "an address");
        int Number(string key) => int.TryParse(stack.Output(key), CultureInfo.InvariantCulture, out var number) ? number : throw Lacks(key, "a whole number");
        FailureException Lacks(string key, string what) => new($"the stack {stack.Name} must have the output {key} with {what}, as samples/heat/faafo_autoscaling_workers.yaml has it");
    }

    /// <summary>The fewest workers that Heat keeps.</summary>
    public int Min { get; }

    /// <summary>The most workers that Heat makes.</summary>
    public int Max { get; }

    /// <summary>The stack's API.</summary>
    public Uri Endpoint { get; }

    /// <summary>Finds a stack by name or id.</summary>
    /// <exception cref="FailureException">It is not there, or not one whose workers can be scaled.</exception>
    public static Task<HeatInstances> FindAsync(OpenStackClient cloud, string name, TimeProvider time, CancellationToken cancellationToken) =>
        OpenStackInstances.GuardedAsync($"use the stack {name}", async () =>
        {
            var stack = await cloud.Orchestration.GetStackAsync(name, cancellationToken);
            var groups = await cloud.Orchestration.ListResourcesAsync(name, cancellationToken).Where(one => one.Type == GroupType).ToListAsync(cancellationToken);
            return groups is [{ PhysicalId: { Length: > 0 } group }] ? new HeatInstances(cloud, stack, group, time)
                : throw new FailureException($"the stack {name} must have one resource of type {GroupType} that is there, not {groups.Count}");
        });

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken) => OpenStackInstances.GuardedAsync("list the stack's workers", async () =>
    {
        var members = await MembersAsync(cancellationToken);
        var servers = await _cloud.Compute.ListServersAsync(cancellationToken: cancellationToken).ToDictionaryAsync(server => server.Id, cancellationToken: cancellationToken);
        return (IReadOnlyList<Instance>)[.. members.Select((member, place) =>
        {
            var server = servers.GetValueOrDefault(member.PhysicalId ?? "");
            // Times have whole seconds: which of two is the older is for Heat's order to say.
            var (id, name) = member.PhysicalId is { Length: > IdDigits } made ? (made, $"{FlockSpec.Worker}-{made[..IdDigits]}") : (member.Name, member.Name);
            return new Instance(id, name, FlockSpec.Worker,
                (member.CreationTime ?? DateTimeOffset.MinValue).AddTicks(place),
                !HasFailed(member) && (server is null ? member.Status == "CREATE_IN_PROGRESS" : OpenStackInstances.IsAlive(server)));
        })];
    });

    /// <summary>One worker more, by Heat's choice of its name.</summary>
    public Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken) => OpenStackInstances.GuardedAsync("add a worker", async () =>
    {
        if (_replaced > 0)
        {
            _replaced--;
        }
        else
        {
            await ChangeAsync(_ => Task.FromResult(_up), cancellationToken);
        }
        return (await ListAsync(cancellationToken)).MaxBy(one => one.CreatedAt)!;
    });

    /// <summary>Workers are told to leave through the API (drain), not by Heat.</summary>
    public Task StopAsync(Instance instance, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeleteAsync(Instance instance, CancellationToken cancellationToken) => OpenStackInstances.GuardedAsync($"remove {instance.Name}", async () =>
    {
        var called = await ChangeAsync(async members =>
        {
            if (members.Count > Min && IsOf(members[0]) && !HasFailed(members[0]))
            {
                return _down;
            }
            // Heat takes no one's word for who is to leave: fewer, and the oldest goes. But as it grows it replaces what is said to be broken,
            // and does not count it before: the group keeps its size.
            if (members.FirstOrDefault(IsOf) is { } member && !HasFailed(member))
            {
                await _cloud.Orchestration.MarkUnhealthyAsync(_group, member.Name, "Its work for Faafo has ended.", cancellationToken);
            }
            return _up;
        }, cancellationToken);
        return called == _up ? ++_replaced : _replaced;

        bool IsOf(StackResource member) => instance.Id == member.PhysicalId || instance.Id == member.Name;
    });

    /// <summary>None: when its template changes, Heat itself makes the workers anew.</summary>
    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<string>>(new HashSet<string>());

    public Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public void Dispose() => _one.Dispose();

    private static bool HasFailed(StackResource member) => member.Status?.EndsWith("_FAILED", StringComparison.Ordinal) ?? false;

    // In the order in which Heat removes them.
    private async Task<List<StackResource>> MembersAsync(CancellationToken cancellationToken) =>
        await _cloud.Orchestration.ListResourcesAsync(_group, cancellationToken).Where(member => member.Status != "DELETE_COMPLETE")
            .OrderBy(member => !HasFailed(member)).ThenBy(member => member.CreationTime).ThenBy(member => member.Name, StringComparer.Ordinal)
            .ToListAsync(cancellationToken);

    // Calls a webhook and waits until the group has changed. Heat answers before it has looked, and what it ignores it ignores without a word.
    private async Task<Uri> ChangeAsync(Func<List<StackResource>, Task<Uri>> choose, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await WaitAsync(ChangeTimeout, async () => !await IsChangingAsync());
            var before = await MembersAsync(cancellationToken);
            var webhook = await choose(before);
            await _cloud.Orchestration.SignalAsync(webhook, CancellationToken.None);
            if (!await WaitAsync(AcknowledgeTimeout, async () => await IsChangingAsync() || !Ids(before).SetEquals(Ids(await MembersAsync(cancellationToken)))))
            {
                throw new FailureException($"the stack {_name} did not hear it: it is in its cooldown, or has as many workers as it may");
            }
            await WaitAsync(ChangeTimeout, async () => !await IsChangingAsync());
            return webhook;
        }
        finally
        {
            _one.Release();
        }

        HashSet<string?> Ids(List<StackResource> members) => [.. members.Select(member => member.PhysicalId)];

        async Task<bool> IsChangingAsync() =>
            (await _cloud.Orchestration.GetStackAsync(_group, cancellationToken)).Status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal);

        async Task<bool> WaitAsync(TimeSpan patience, Func<Task<bool>> until)
        {
            var started = _time.GetTimestamp();
            while (!await until())
            {
                if (_time.GetElapsedTime(started) > patience)
                {
                    return false;
                }
                await Task.Delay(PollInterval, _time, cancellationToken);
            }
            return true;
        }
    }
}
