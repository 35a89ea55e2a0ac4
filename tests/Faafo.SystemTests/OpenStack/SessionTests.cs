using System.Text.Json;
using Faafo.OpenStack;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

public sealed class SessionTests
{
    [Fact]
    public async Task Diagnosis_of_a_working_cloud_finds_no_problem()
    {
        await using var cloud = Connect();

        var report = await cloud.DiagnoseAsync(Ct);

        Assert.Empty(report.Problems);
        Assert.Equal(("demo", "project demo", "RegionOne"), (report.User, report.Scope, report.Region));
        Assert.Equal("2.90", report.Services.Single(service => service.Type == "compute").Microversion);
    }

    [Fact]
    public async Task Application_credential_authenticates_by_id_and_by_name_until_deleted()
    {
        await using var cloud = Connect();
        var name = Unique("appcred");
        var user = (await cloud.Session.GetTokenAsync(Ct)).User!.Id!;
        var body = JsonSerializer.SerializeToUtf8Bytes(new { application_credential = new { name, secret = "hush-hush" } });
        string id;
        using (var response = await cloud.Session.SendAsync(ServiceType.Identity, HttpMethod.Post, $"/users/{user}/application_credentials",
            body, Ct))
        {
            id = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("application_credential")
                .GetProperty("id").GetString()!;
        }

        await using (var byId = new OpenStackClient(
            cloud.Session.Config with { Credential = new ApplicationCredential { Id = id, Secret = "hush-hush" } }))
        await using (var byName = new OpenStackClient(
            cloud.Session.Config with { Credential = new ApplicationCredential { Name = name, UserId = user, Secret = "hush-hush" } }))
        {
            Assert.Equal("demo", (await byId.Session.GetTokenAsync(Ct)).Project?.Name);
            Assert.NotEmpty(await byName.Compute.ListFlavorsAsync(Ct).ToListAsync(Ct));
        }

        using (await cloud.Session.SendAsync(ServiceType.Identity, HttpMethod.Delete, $"/users/{user}/application_credentials/{id}", null,
            Ct))
        {
        }

        await using var late = new OpenStackClient(
            cloud.Session.Config with { Credential = new ApplicationCredential { Id = id, Secret = "hush-hush" } });
        await Assert.ThrowsAnyAsync<OpenStackApiException>(() => late.Session.GetTokenAsync(Ct));
    }

    [Fact]
    public async Task Tokens_and_scopes_are_accepted()
    {
        await using var admin = Connect("devcloud-admin");
        var token = await admin.Session.GetTokenAsync(Ct);
        var config = admin.Session.Config;

        await using var rescoped = new OpenStackClient(
            config with { Credential = new TokenCredential { Token = token.Id }, Scope = AuthScope.Project(token.Project!.Id!) });
        Assert.Equal(token.Project!.Id, (await rescoped.Session.GetTokenAsync(Ct)).Project?.Id);
        await using var system = new OpenStackClient(config with { Scope = AuthScope.System });
        Assert.Null((await system.Session.GetTokenAsync(Ct)).Project);
        await using var discovered = new OpenStackClient(
            config with { AuthUrl = new Uri(config.AuthUrl.GetLeftPart(UriPartial.Authority)) });
        Assert.Equal("admin", (await discovered.Session.GetTokenAsync(Ct)).User?.Name);
        await using var wrong = new OpenStackClient(
            config with
            {
                Credential =
                new PasswordCredential { UserName = "admin", UserDomain = new(Id: "default"), Password = "wrong" }
            });
        await Assert.ThrowsAsync<UnauthorizedException>(() => wrong.Session.GetTokenAsync(Ct));
    }

    [Fact]
    public async Task Revoked_token_is_replaced_during_a_session()
    {
        await using var cloud = Connect();
        var first = await cloud.Session.GetTokenAsync(Ct);
        using (var revoke = new HttpRequestMessage(HttpMethod.Delete, cloud.Session.Config.AuthUrl + "/auth/tokens"))
        using (var http = new HttpClient())
        {
            revoke.Headers.Add("X-Auth-Token", first.Id);
            revoke.Headers.Add("X-Subject-Token", first.Id);
            (await http.SendAsync(revoke, Ct)).EnsureSuccessStatusCode();
        }

        // Keystone revokes at once; other services may use their caches for a while.
        using (await cloud.Session.SendAsync(ServiceType.Identity, HttpMethod.Get, "/auth/projects", null, Ct))
        {
        }

        Assert.NotEqual(first.Id, (await cloud.Session.GetTokenAsync(Ct)).Id);
    }
}
