using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

public sealed class IdentityTests
{
    [Fact]
    public async Task Application_credential_authenticates_until_deleted()
    {
        await using var cloud = Connect();
        var name = Unique("credential");
        var made = await cloud.Identity.CreateApplicationCredentialAsync(new NewApplicationCredential(name) { Description = "of a test" },
            Ct);
        try
        {
            Assert.Equal(("of a test", (await cloud.Session.GetTokenAsync(Ct)).Project?.Id), (made.Description, made.ProjectId));
            Assert.Equal(name, await OpenStackAsync($"application credential show {made.Id} -f value -c name"));
            Assert.Null((await cloud.Identity.ListApplicationCredentialsAsync(name, Ct).SingleAsync(Ct)).Secret);
            await Assert.ThrowsAsync<ConflictException>(() => cloud.Identity.CreateApplicationCredentialAsync(new(name), Ct));

            await using var program = new OpenStackClient(cloud.Session.Config with
            {
                Credential = new ApplicationCredential { Id = made.Id, Secret = made.Secret! },
                Scope = AuthScope.None,
            });
            Assert.Equal(made.ProjectId, (await program.Session.GetTokenAsync(Ct)).Project?.Id);
        }
        finally
        {
            Assert.True(await cloud.Identity.DeleteApplicationCredentialAsync(made.Id, CancellationToken.None));
        }
        Assert.False(await cloud.Identity.DeleteApplicationCredentialAsync(made.Id, Ct));
    }

    [Fact]
    public async Task Resource_created_with_a_description_shows_it()
    {
        await using var cloud = Connect();
        var name = Unique("described");
        var network = await cloud.Networking.CreateNetworkAsync(new Faafo.OpenStack.Networking.NewNetwork(name) { Description = "mine" },
            Ct);
        var port = await cloud.Networking.CreatePortAsync(new(network.Id) { Description = "mine too" }, Ct);
        var group = await cloud.Networking.GetOrCreateSecurityGroupAsync(name, "and this", [], Ct);
        try
        {
            Assert.Equal("mine", await OpenStackAsync($"network show {name} -f value -c description"));
            Assert.Equal("mine too", (await cloud.Networking.GetPortAsync(port.Id, Ct)).Description);
            Assert.Equal("and this", (await cloud.Networking.GetOrCreateSecurityGroupAsync(name, "ignored", [], Ct)).Description);
        }
        finally
        {
            await cloud.Networking.DeletePortAsync(port.Id, CancellationToken.None);
            await cloud.Networking.DeleteSecurityGroupAsync(group.Id, null, CancellationToken.None);
            await cloud.Networking.DeleteNetworkAsync(network.Id, CancellationToken.None);
        }
    }
}
