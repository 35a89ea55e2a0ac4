using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Repair;

/// <summary>A flock with networks of its own behind Octavia, in a cloud in memory.</summary>
public abstract class RepairTest : IAsyncLifetime
{
    private readonly string _key = Path.GetTempFileName();

    private protected static ResourceNames Names { get; } = new("faafo", "p1", "One", "0123456789ab");

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected FakeOpenStack Cloud { get; private set; } = null!;

    private protected FlockSpec Flock { get; set; } = null!;

    private protected List<string> Progress { get; } = [];

    private protected ExternalResources External
    {
        get
        {
            var groups = Flock.AllGroups.Select(group => group.Name).ToArray();
            return new ExternalResources(
                groups.ToDictionary(name => name, _ => new Image { Id = "i", Name = "debian", Status = "active" }),
                groups.ToDictionary(name => name, _ => new Flavor { Id = "f", Name = "small", Vcpus = 1, Ram = 1024 }),
                new Network { Id = "n1", Name = "inside" }, new Network { Id = "ext", Name = "internet" },
                new Dictionary<string, string>(), new ComputeLimits(), new Dictionary<string, QuotaUsage>(), FreeFloatingIPs: 0);
        }
    }

    public virtual async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_key, "ssh-ed25519 AAAA someone\n", Ct);
        Flock = FlockSpec.Of("fake") with
        {
            Balancing = Balancing.Octavia,
            OwnNetworks = new OwnNetworks("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"),
            PublicKeyFile = _key,
        };
        Cloud = await FakeOpenStack.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        File.Delete(_key);
        GC.SuppressFinalize(this);
    }

    /// <summary>Does what <c>up</c> does before it creates servers, and what it repairs after that.</summary>
    private protected async Task<SharedInfrastructure> EnsureAsync(OpenStackClient client, CancellationToken cancellationToken)
    {
        Progress.Clear();
        await SecretStore.EnsureContainerAsync(client, Names, Names.Container, Report, cancellationToken);
        var infrastructure = new SharedInfrastructure(client, Flock, Names, External, Report);
        await infrastructure.EnsureAsync(cancellationToken);
        await new Pruner(client, Flock, Names, Report).RemoveOrphanedAsync(
            External, infrastructure.Settings.Secrets.Login, cancellationToken);
        await infrastructure.AlignMembersAsync(cancellationToken);
        return infrastructure;
    }

    private protected async Task EnsureAsync()
    {
        await using var client = Cloud.Client();
        await EnsureAsync(client, Ct);
    }

    /// <summary>The changes of <c>plan</c> but for new servers.</summary>
    private protected async Task<IReadOnlyList<string>> PlanAsync()
    {
        await using var client = Cloud.Client();
        var managed = await ManagedResources.ReadAsync(client, Names, Ct);
        managed = managed with { Parts = await ResourceParts.ReadAsync(client, Names, managed, Ct) };
        return
        [
            .. FlockPlan.Make(Flock, Names, managed, External).Changes.Select(change => change.ToString())
                .Where(change => !change.StartsWith("+ server ", StringComparison.Ordinal)),
        ];
    }

    private void Report(string line)
    {
        lock (Progress)
        {
            Progress.Add(line);
        }
    }
}
