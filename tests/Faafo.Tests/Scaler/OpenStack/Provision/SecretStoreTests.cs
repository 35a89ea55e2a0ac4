using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Provision;

/// <summary>The login of a flock's programs. Application credentials belong to a user across projects and regions.</summary>
public sealed class SecretStoreTests
{
    private readonly List<string> _progress = [];
    private string? _id;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("p1", "Two")]
    [InlineData("p2", "One")]
    public async Task Flock_of_the_same_name_in_another_project_or_region_keeps_its_login(string project, string region)
    {
        await using var here = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        await using var there = await TestKit.OpenStack.FakeOpenStack.StartAsync(here.Identity, project, region);
        var first = await OpenAsync(here);
        var second = await OpenAsync(there);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal([first.Id, second.Id], here.Identity.Credentials.Select(one => one.Id));
        Assert.Equal(first, await OpenAsync(here));

        // These are what 'down' deletes.
        Assert.Equal([first.Id], (await ReadAsync(here)).Credentials);
        Assert.Equal([second.Id], (await ReadAsync(there)).Credentials);
        await using var client = here.Client();
        await using var other = there.Client();
        Assert.NotEqual(
            (await ResourceNames.OfAsync(client, "faafo", Ct)).KeyPair, (await ResourceNames.OfAsync(other, "faafo", Ct)).KeyPair);
    }

    [Fact]
    public async Task Another_user_who_shares_the_flock_reuses_the_valid_login()
    {
        await using var cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        cloud.User = "anna";
        var login = await OpenAsync(cloud);
        cloud.User = "bert";
        _id = cloud.Swift.ContainerMetadata["faafo"]["X-Container-Meta-Flock-Id"];
        Assert.Equal(login, await OpenAsync(cloud));
        Assert.Equal(login.Id, (await ReadAsync(cloud)).Login);
        Assert.Empty((await ReadAsync(cloud)).Credentials);
        cloud.User = "anna";

        Assert.Equal(login, await OpenAsync(cloud));
        Assert.Equal([(login.Id, "anna")], cloud.Identity.Credentials.Select(one => (one.Id, one.User)));
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("secret")]
    public async Task Login_that_keystone_rejects_is_replaced(string how)
    {
        await using var cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        var old = await OpenAsync(cloud);
        var held = cloud.Identity.Credentials[0];
        cloud.Identity.Credentials.Clear();
        if (how == "secret")
        {
            cloud.Identity.Credentials.Add(held with { Secret = "another" });
        }

        var login = await OpenAsync(cloud);

        Assert.NotEqual(old.Id, login.Id);
        Assert.Contains($"  application credential {old.Id} is no longer valid and is replaced", _progress);
    }

    [Theory]
    [InlineData(403, """{"error":{"code":403,"message":"no"}}""")]
    [InlineData(404, "<html>404 Not Found</html>")]         // from a proxy, not from Keystone
    [InlineData(400, "")]
    public async Task Login_that_cannot_be_tested_is_kept(int status, string body)
    {
        await using var cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        var login = await OpenAsync(cloud);
        await using var client = cloud.Client();
        await client.Session.GetTokenAsync(Ct);
        cloud.Inject("POST", "/auth/tokens", Fault.Status(status, body));

        await Assert.ThrowsAnyAsync<OpenStackException>(() => OpenAsync(client));

        Assert.Equal(login.Id, Assert.Single(cloud.Identity.Credentials).Id);
        Assert.Equal(login, await OpenAsync(cloud));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Login_without_a_stored_secret_is_revoked_unless_instances_may_use_it(bool hasServers)
    {
        await using var cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        var lost = await OpenAsync(cloud);
        cloud.Swift.Objects.Remove("faafo/login.json");
        if (hasServers)
        {
            cloud.Compute.Servers.Add(new JsonObject
            {
                ["id"] = "s",
                ["name"] = "app-worker-1",
                ["status"] = "ACTIVE",
                ["tags"] = new JsonArray("faafo", "flock=faafo",
                    "flock-id=" + cloud.Swift.ContainerMetadata["faafo"]["X-Container-Meta-Flock-Id"], "group=worker"),
            });
        }

        var login = await OpenAsync(cloud);

        Assert.Equal(hasServers ? [lost.Id, login.Id] : [login.Id], cloud.Identity.Credentials.Select(one => one.Id));
        Assert.Equal(cloud.Identity.Credentials.Select(one => one.Id), (await ReadAsync(cloud)).Credentials);
    }

    [Fact]
    public async Task Credential_of_the_user_is_never_revoked()
    {
        await using var cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        cloud.Identity.Credentials.Add(new("mine", "u1", "p1", "faafo", "for my laptop", "s"));

        var login = await OpenAsync(cloud);

        Assert.Equal(["mine", login.Id], cloud.Identity.Credentials.Select(one => one.Id));
        Assert.Equal([login.Id], (await ReadAsync(cloud)).Credentials);
    }

    [Fact]
    public async Task Regions_with_one_swift_do_not_share_a_container()
    {
        await using var cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await SecretStore.EnsureContainerAsync(client, new ResourceNames("faafo", "p1", "One"), "faafo", _progress.Add, Ct);

        var error = await Assert.ThrowsAsync<Faafo.Options.FailureException>(
            () => SecretStore.EnsureContainerAsync(client, new ResourceNames("faafo", "p1", "Two"), "faafo", _progress.Add, Ct));

        Assert.Equal("the container faafo exists and does not belong to the flock 'faafo' in region Two: "
            + "give the flock another name, or rename the container", error.Message);
    }

    private async Task<ApplicationLogin> OpenAsync(TestKit.OpenStack.FakeOpenStack cloud)
    {
        await using var client = cloud.Client();
        return await OpenAsync(client);
    }

    private async Task<ApplicationLogin> OpenAsync(OpenStackClient client)
    {
        var (names, _) = await FlockIdentity.ReadAsync(client, "faafo", _id, Ct);
        await SecretStore.EnsureContainerAsync(client, names, names.Container, _progress.Add, Ct);
        names = await FlockRegistration.EnsureAsync(client, names, _id, _progress.Add, Ct);
        return (await new SecretStore(client, names, _progress.Add).OpenAsync(Ct)).Login;
    }

    private async Task<ManagedResources> ReadAsync(TestKit.OpenStack.FakeOpenStack cloud)
    {
        await using var client = cloud.Client();
        return await ManagedResources.ReadAsync(client, (await FlockIdentity.ReadAsync(client, "faafo", _id, Ct)).Names, Ct);
    }
}
