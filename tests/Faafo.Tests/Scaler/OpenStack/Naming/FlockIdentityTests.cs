using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Naming;

/// <summary>The random id of a flock, which distinguishes it from others of the same name.</summary>
public sealed class FlockIdentityTests : IAsyncLifetime
{
    private readonly List<string> _progress = [];
    private FakeOpenStack _cloud = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Metadata => _cloud.Swift.ContainerMetadata["faafo"];

    public async ValueTask InitializeAsync() => _cloud = await FakeOpenStack.StartAsync();

    [Fact]
    public async Task Every_run_finds_the_id_of_the_first()
    {
        var first = await RegisterAsync();
        var second = await RegisterAsync();

        Assert.Equal(first, second);
        Assert.Matches("^[0-9a-f]{12}$", first.Id);
        Assert.EndsWith($" id={first.Id}", first.Mark, StringComparison.Ordinal);
        Assert.Contains($"flock-id={first.Id}", first.Tags);
        Assert.Contains(first.Id, first.KeyPair, StringComparison.Ordinal);
        Assert.Contains(first.Id, first.Login, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_user_is_refused_and_can_share_the_flock_by_its_id()
    {
        _cloud.User = "anna";
        var id = (await RegisterAsync()).Id;
        _cloud.User = "bert";

        var error = await Assert.ThrowsAsync<FailureException>(() => RegisterAsync());

        Assert.Equal("the project has a flock 'faafo' already, which belongs to the user anna: give yours another name, "
            + $"or set 'id: {id}' in flock.yaml to run it together", error.Message);
        Assert.Equal(id, (await RegisterAsync(id)).Id);
        error = await Assert.ThrowsAsync<FailureException>(() => RegisterAsync("ba9876543210"));
        Assert.Equal($"the project's flock 'faafo' has the id {id}, and flock.yaml names ba9876543210: give one of them another name",
            error.Message);
    }

    [Fact]
    public async Task Flock_of_an_earlier_version_gets_an_id_and_keeps_what_carries_the_old_marks()
    {
        AddOldFlock(user: "u1");
        var old = new ResourceNames("faafo", "p1", "One");
        await using var client = _cloud.Client();
        var servers = await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct);

        var names = await RegisterAsync();

        Assert.Equal(names.Id, Metadata["X-Container-Meta-Flock-Id"]);
        Assert.All(servers, server => Assert.True(names.Owns(server)));
        Assert.True(names.Owns(Described(old.Mark)) && names.Owns(Described(names.Mark)));
        Assert.False(names.Owns(Described(old.Mark) with { ProjectId = "p2" }));
        Assert.False(names.Owns(Described((names with { Id = "ba9876543210" }).Mark)));
        Assert.Equal(old.KeyPair, names.KeyPair);
        Assert.Equal(names, await RegisterAsync());
    }

    [Fact]
    public async Task New_flock_does_not_own_what_carries_old_marks()
    {
        var old = new ResourceNames("faafo", "p1", "One");

        var names = await RegisterAsync();

        Assert.False(names.Owns(Described(old.Mark)));
        Assert.False(names.Owns(new KeyPair { Name = old.KeyPair }));
        Assert.False(names.Owns(new Server { Id = "s", Status = ServerStatus.Active, ProjectId = "p1", Tags = ["faafo", "flock=faafo"] }));
    }

    [Fact]
    public async Task Flock_of_an_earlier_version_that_another_user_made_is_not_adopted()
    {
        AddOldFlock(user: "anna");

        var error = await Assert.ThrowsAsync<FailureException>(() => RegisterAsync());

        Assert.Equal("the project has a flock 'faafo' already, whose servers the user anna created with an earlier version: "
            + "give yours another name, or let that user run 'up' once, which gives the flock an id", error.Message);
        Assert.DoesNotContain("X-Container-Meta-Flock-Id", Metadata.Keys);
    }

    [Fact]
    public async Task Container_that_someone_makes_in_between_does_not_become_the_flocks()
    {
        _cloud.Inject("PUT", "/faafo", async (_, work) =>
        {
            _cloud.Swift.Containers.Add("faafo");
            _cloud.Swift.ContainerMetadata["faafo"] = new(StringComparer.OrdinalIgnoreCase) { ["X-Container-Meta-Owner"] = "carla" };
            await work();
        });

        var error = await Assert.ThrowsAsync<FailureException>(() => RegisterAsync());

        Assert.StartsWith("the container faafo exists and does not belong to the flock 'faafo' in region One: ", error.Message,
            StringComparison.Ordinal);
        Assert.Equal(["X-Container-Meta-Owner"], Metadata.Keys);
        await Assert.ThrowsAsync<FailureException>(() => RegisterAsync());
    }

    [Fact]
    public async Task Two_scalers_that_create_the_container_at_once_get_one_id()
    {
        var first = "";
        _cloud.Inject("PUT", "/faafo", async (_, work) =>
        {
            first = (await RegisterAsync()).Id;
            await work();
        });

        var second = await RegisterAsync();

        Assert.Equal(first, second.Id);
    }

    [Fact]
    public async Task Container_whose_creation_was_not_confirmed_belongs_to_the_flock()
    {
        _cloud.Inject("PUT", "/faafo", Fault.LostReply);

        await Assert.ThrowsAnyAsync<OpenStackException>(() => RegisterAsync());

        Assert.Single(_cloud.Seen("PUT", "/faafo"));
        Assert.False((await RegisterAsync()).HasOldMarks);
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    private static CloudResource Described(string mark) =>
        new(ResourceKind.Port, "p", "faafo-app-api-1") { ProjectId = "p1", Description = mark };

    private void AddOldFlock(string user)
    {
        _cloud.Swift.Containers.Add("faafo");
        _cloud.Swift.ContainerMetadata["faafo"] = new(StringComparer.OrdinalIgnoreCase)
        {
            ["X-Container-Meta-Flock"] = "faafo",
            ["X-Container-Meta-Region"] = "One",
        };
        _cloud.Compute.Servers.Add(new JsonObject
        {
            ["id"] = "s",
            ["name"] = "app-worker-1",
            ["status"] = "ACTIVE",
            ["tenant_id"] = "p1",
            ["user_id"] = user,
            ["tags"] = new JsonArray("faafo", "flock=faafo", "group=worker"),
        });
    }

    private async Task<ResourceNames> RegisterAsync(string? id = null)
    {
        await using var client = _cloud.Client();
        var (names, _) = await FlockIdentity.ReadAsync(client, "faafo", id, Ct);
        await SecretStore.EnsureContainerAsync(client, names, names.Container, _progress.Add, Ct);
        return await FlockRegistration.EnsureAsync(client, names, id, _progress.Add, Ct);
    }
}
