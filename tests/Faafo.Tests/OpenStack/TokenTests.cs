using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Keystone: the token, and every login, in the format of the API reference.</summary>
public sealed class TokenTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_is_read_with_its_catalog()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/auth/tokens", (context, _) =>
        {
            context.Response.Headers["X-Subject-Token"] = "the-token";
            return Fault.Status(201, """
                {"token":{"methods":["password"],"audit_ids":["x"],"issued_at":"2030-05-01T10:00:00.000000Z",
                "expires_at":"2099-05-01T11:00:00.000000Z","is_domain":false,
                "user":{"id":"u1","name":"demo","domain":{"id":"default","name":"Default"},"password_expires_at":null},"project":{"id":"p1",
                "name":"work","domain":{"id":"d2","name":"Other"}},
                "domain":{"id":"d3","name":"Third"},"roles":[{"id":"r1","name":"member"},{"id":"r2","name":"reader"}],
                "catalog":[{"type":"compute","name":"nova","id":"c1","endpoints":[{"id":"e1","interface":"internal","region_id":"Two",
                "region":"two","url":"http://10.0.0.1/compute"}]}]}}
                """)(context, () => Task.CompletedTask);
        });
        var token = await client.Session.GetTokenAsync(Ct);

        Assert.Equal("the-token", token.Id);
        Assert.Equal(new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero), token.IssuedAt);
        Assert.Equal(new DateTimeOffset(2099, 5, 1, 11, 0, 0, TimeSpan.Zero), token.ExpiresAt);
        Assert.Equal(
            new NamedReference { Id = "u1", Name = "demo", Domain = new NamedReference { Id = "default", Name = "Default" } }, token.User);
        Assert.Equal(
            new NamedReference { Id = "p1", Name = "work", Domain = new NamedReference { Id = "d2", Name = "Other" } }, token.Project);
        Assert.Equal(new NamedReference { Id = "d3", Name = "Third" }, token.Domain);
        Assert.Equal([("r1", "member"), ("r2", "reader")], token.Roles.Select(role => (role.Id, role.Name)));
        var service = Assert.Single(token.Catalog.Services);
        Assert.Equal(("compute", "nova"), (service.Type, service.Name));
        Body.AssertRead(new CatalogEndpoint { Interface = "internal", Url = "http://10.0.0.1/compute", RegionId = "Two", Region = "two" },
            service.Endpoints[0]);
        Assert.DoesNotContain("the-token", token.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task Login_is_sent_in_the_documented_format(Credential credential, AuthScope scope, string auth)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Identity.Credentials.Add(new("a", "u1", "p1", "worker", null, "s"));
        await using var client = cloud.Client(cloud.Config with { Credential = credential, Scope = scope });

        await client.Session.GetTokenAsync(Ct);

        Assert.Equal($$"""{"auth":{{auth}}}""", Assert.Single(cloud.Seen("POST", "/auth/tokens")).Body);
    }

    public static IEnumerable<TheoryDataRow<Credential, AuthScope, string>> Logins()
    {
        const string ById = """{"identity":{"methods":["password"],"password":{"user":{"id":"u1","password":"s3cret-of-demo"}}}""";
        var byId = new PasswordCredential { UserId = "u1", Password = FakeOpenStack.Password };
        yield return new(byId, AuthScope.None, ById + "}");
        yield return new(byId, AuthScope.System, ById + ""","scope":{"system":{"all":true}}}""");
        yield return new(byId, AuthScope.Domain(new(Name: "Default")), ById + ""","scope":{"domain":{"name":"Default"}}}""");
        yield return new(
            byId, AuthScope.Project("work", new(Id: "d2")), ById + ""","scope":{"project":{"name":"work","domain":{"id":"d2"}}}}""");
        yield return new(
            new PasswordCredential { UserName = "demo", UserDomain = new(Name: "Default"), Password = FakeOpenStack.Password },
            AuthScope.None,
            """{"identity":{"methods":["password"],"password":{"user":{"name":"demo","domain":{"name":"Default"}"""
                + ""","password":"s3cret-of-demo"}}}}""");
        yield return new(new TokenCredential { Token = "t" }, AuthScope.None, """{"identity":{"methods":["token"],"token":{"id":"t"}}}""");
        yield return new(
            new ApplicationCredential { Id = "a", Secret = "s" },
            AuthScope.System,
            """{"identity":{"methods":["application_credential"],"application_credential":{"id":"a","secret":"s"}}}""");
        yield return new(
            new ApplicationCredential { Name = "worker", UserName = "demo", UserDomain = new(Id: "default"), Secret = "s" },
            AuthScope.None,
            """{"identity":{"methods":["application_credential"],"application_credential":{"name":"worker","user":"""
                + """{"name":"demo","domain":{"id":"default"}},"secret":"s"}}}""");
    }
}
