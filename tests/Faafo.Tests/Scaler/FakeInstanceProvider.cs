using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Tests.Scaler;

/// <summary>A cloud in memory.</summary>
internal sealed class FakeInstanceProvider(TimeProvider time) : IInstanceProvider
{
    private int _ids;

    public List<Instance> Instances { get; } = [];

    public List<string> Deleted { get; } = [];

    public HashSet<string> Outdated { get; } = [];

    public bool Refuses { get; set; }

    public int Quota { get; set; } = int.MaxValue;

    public bool Away { get; set; }

    /// <summary>What listing throws, whatever it is.</summary>
    public Exception? Fault { get; set; }

    public int Lists { get; private set; }

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
    {
        Lists++;
        return Fault is not null ? throw Fault
            : Away ? throw new ProviderException(ProviderErrorKind.Transient, "cannot list the servers") : Task.FromResult<IReadOnlyList<Instance>>([.. Instances]);
    }

    public Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken)
    {
        if (Refuses || Instances.Count >= Quota)
        {
            throw new ProviderException(ProviderErrorKind.Quota, "the quota is used up");
        }
        var instance = new Instance($"id-{++_ids}", name, group.Name, time.GetUtcNow(), IsRunning: true);
        Instances.Add(instance);
        return Task.FromResult(instance);
    }

    public Task StopAsync(Instance instance, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DeleteAsync(Instance instance, CancellationToken cancellationToken)
    {
        Instances.RemoveAll(i => i.Id == instance.Id);
        Deleted.Add(instance.Id);
        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<string>>(Outdated);

    public Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken) => Task.FromResult<string?>($"last words of {instance.Name}");

    public void End(string name)
    {
        var at = Instances.FindIndex(i => i.Name == name);
        Instances[at] = Instances[at] with { IsRunning = false };
    }
}
