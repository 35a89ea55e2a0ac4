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

    /// <summary>The exception that listing throws; null for none.</summary>
    public Exception? Fault { get; set; }

    public int Lists { get; private set; }

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
    {
        Lists++;
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
        var instance = new Instance($"id-{++_ids}", name, group.Name, time.GetUtcNow(), IsRunning: true);
        Instances.Add(instance);
        return Task.FromResult(instance);
    }

    public Task DeleteAsync(Instance instance, CancellationToken cancellationToken)
    {
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
