using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Tests.Scaler;

/// <summary>Instances in memory.</summary>
internal sealed class FakeInstanceProvider(TimeProvider time) : IInstanceProvider
{
    private int _ids;

    public List<Instance> Instances { get; } = [];

    public List<string> Deleted { get; } = [];

    public HashSet<string> Drifted { get; } = [];

    public bool RejectsCreation { get; set; }

    public int Quota { get; set; } = int.MaxValue;

    public bool IsUnavailable { get; set; }

    /// <summary>The names of locked instances, which cannot be deleted.</summary>
    public HashSet<string> Locked { get; } = [];

    /// <summary>How many deletions were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>The exception that the creation of an instance throws, by its name; null for none.</summary>
    public Func<string, Exception?>? CreationFault { get; set; }

    /// <summary>The exception that listing throws; null for none.</summary>
    public Exception? Fault { get; set; }

    public int Lists { get; private set; }

    /// <summary>Called at the begin of each listing: what happens in the meantime.</summary>
    public Action? OnList { get; set; }

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
    {
        Lists++;
        OnList?.Invoke();
        if (Fault is not null)
        {
            throw Fault;
        }
        if (IsUnavailable)
        {
            throw new ProviderException(ProviderErrorKind.Transient, "cannot list the servers");
        }
        return Task.FromResult<IReadOnlyList<Instance>>([.. Instances]);
    }

    public Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken)
    {
        if (RejectsCreation || Instances.Count >= Quota)
        {
            throw new ProviderException(ProviderErrorKind.Quota, "the quota is used up");
        }
        if (CreationFault?.Invoke(name) is { } fault)
        {
            throw fault;
        }
        var instance = new Instance($"id-{++_ids}", name, group.Name, time.GetUtcNow(), IsRunning: true);
        Instances.Add(instance);
        return Task.FromResult(instance);
    }

    public Task DeleteAsync(Instance instance, CancellationToken cancellationToken)
    {
        if (Locked.Contains(instance.Name))
        {
            Refused++;
            throw new ProviderException(ProviderErrorKind.Conflict, $"{instance.Name} is locked");
        }
        Instances.RemoveAll(i => i.Id == instance.Id);
        Deleted.Add(instance.Id);
        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<string>>(Drifted);

    public Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken) =>
        Task.FromResult<string?>($"last words of {instance.Name}");

    public void End(string name)
    {
        var at = Instances.FindIndex(i => i.Name == name);
        Instances[at] = Instances[at] with { IsRunning = false };
    }
}
