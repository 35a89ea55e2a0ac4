using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Provision;

/// <summary>Deletions that a wrong caller asks for: nothing is sent unless the resource's own fields say that it is the flock's.</summary>
public sealed class FlockRemovalTests : IAsyncLifetime
{
    private static readonly ResourceNames Names = new("faafo", "p1", "One", "0123456789ab");
    private static readonly ResourceNames Other = Names with { Id = "ba9876543210" };

    private FakeOpenStack _cloud = null!;
    private OpenStackClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FlockRemoval Removal => new(_client, Names);

    public async ValueTask InitializeAsync()
    {
        _cloud = await FakeOpenStack.StartAsync();
        _cloud.IsAdmin = true;
        _client = _cloud.Client();
    }

    [Fact]
    public async Task Key_pair_of_another_flock_is_not_deleted()
    {
        var error = await Assert.ThrowsAsync<OpenStackException>(
            () => Removal.DeleteKeyPairAsync(new KeyPair { Name = Other.KeyPair }, Ct));

        Assert.Equal("cannot delete key pair faafo-scaler-faafo-ba9876543210: it does not carry the mark of the flock 'faafo', "
            + "or is another project's", error.Message);
    }

    [Theory]
    [InlineData("p1", true)]
    [InlineData("p2", false)]
    public async Task Credential_of_another_flock_or_project_is_not_deleted(string project, bool isOther)
    {
        _cloud.Identity.Credentials.Add(
            new("c", "u1", project, "login", (isOther ? Other : Names).UserMark, "s"));

        await Assert.ThrowsAsync<OpenStackException>(() => Removal.DeleteCredentialAsync("c", storedLogin: "c", Ct));

        Assert.Single(_cloud.Identity.Credentials);
    }

    [Theory]
    [InlineData("p2")]
    [InlineData("p1")]
    public async Task Address_that_does_not_lead_to_the_flock_is_not_detached(string project)
    {
        _cloud.Network.Ports.Add(new() { ["id"] = "port", ["network_id"] = "n1", ["description"] = Other.Mark, ["project_id"] = "p1" });
        var id = (string)_cloud.Network.AddFloatingIP("port", project: project)["id"]!;
        var address = await _client.Networking.GetFloatingIPAsync(id, Ct);

        await Assert.ThrowsAsync<OpenStackException>(() => Removal.DetachAsync(address, Ct));

        Assert.Equal("port", (string?)_cloud.Network.FloatingIPs.Single()["port_id"]);
    }

    [Fact]
    public async Task Address_that_was_given_to_something_else_meanwhile_is_not_detached()
    {
        var added = _cloud.Network.AddFloatingIP("port");
        var address = await _client.Networking.GetFloatingIPAsync((string)added["id"]!, Ct);
        added["port_id"] = "theirs";

        await Removal.DetachAsync(address, Ct);

        Assert.Equal("theirs", (string?)added["port_id"]);
    }

    [Fact]
    public async Task Rule_of_a_group_of_another_flock_is_not_deleted()
    {
        var rule = new SecurityGroupRule { Id = "r", Direction = RuleDirection.Ingress };
        var group = new SecurityGroup { Id = "g", Name = "faafo-api", Description = Other.Mark, ProjectId = "p1", Rules = [rule] };

        await Assert.ThrowsAsync<OpenStackException>(() => Removal.DeleteRuleAsync(group, rule, Ct));

        Assert.Empty(_cloud.Seen("DELETE", "/r"));
    }

    [Fact]
    public async Task Container_of_another_flock_is_neither_emptied_nor_deleted()
    {
        await SecretStore.EnsureContainerAsync(_client, Other, Other.Images, _ => { }, Ct);
        _cloud.Swift.Objects["faafo-images/1.png"] = ([1], "image/png", []);
        var removal = new ContainerRemoval(_client, Names);

        await Assert.ThrowsAsync<OpenStackException>(() => removal.DeleteObjectsAsync(Names.Images, _ => true, Ct));
        await Assert.ThrowsAsync<OpenStackException>(() => removal.DeleteContainerAsync(Names.Images, Ct));

        Assert.Single(_cloud.Swift.Objects);
        Assert.Single(_cloud.Swift.Containers);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cloud.DisposeAsync();
    }
}
