using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>The validation of a client's token, and the limits of application credentials, in the format of the API reference.</summary>
public sealed class TokenValidationTests
{
    private const string Tokens = "/identity/v3/auth/tokens";

    private const string NotFound = """
        {"error":{"code":404,"message":"Could not recognize Fernet token","title":"Not Found"}}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Valid_token_shows_its_user_project_roles_and_expiry()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Tokens, """
            {"token":{"methods":["password"],"user":{"domain":{"id":"default","name":"Default"},"id":"u7","name":"ada",
            "password_expires_at":null},"audit_ids":["GbAdPHJGQ9OVRFDDqLzU6A"],"expires_at":"2030-05-01T11:00:00.578887Z",
            "issued_at":"2030-05-01T10:00:00.000000Z","project":{"domain":{"id":"default","name":"Default"},"id":"p7","name":"engines"},
            "is_domain":false,"roles":[{"id":"r2","name":"reader"},{"id":"r1","name":"member"}]}}
            """);

        var token = await client.Identity.ValidateTokenAsync("gAAAAABk-_x", Ct);

        var domain = new NamedReference { Id = "default", Name = "Default" };
        Assert.Equal(new NamedReference { Id = "u7", Name = "ada", Domain = domain }, token!.User);
        Assert.Equal(new NamedReference { Id = "p7", Name = "engines", Domain = domain }, token.Project);
        Assert.Equal(["reader", "member"], token.Roles.Select(role => role.Name));
        Assert.Equal(new DateTimeOffset(2030, 5, 1, 11, 0, 0, TimeSpan.Zero).AddTicks(5788870), token.ExpiresAt);
        Assert.Equal("gAAAAABk-_x", token.Id);
        Assert.DoesNotContain("gAAAAABk-_x", token.ToString(), StringComparison.Ordinal);
        var sent = Assert.Single(cloud.Seen("GET", Tokens));
        Assert.Equal("gAAAAABk-_x", sent.Headers["X-Subject-Token"].ToString());
        Assert.Equal("?nocatalog=true", sent.Query);
        Assert.StartsWith("token-1-", sent.Token, StringComparison.Ordinal);
        Assert.False(sent.Headers.ContainsKey("OpenStack-Identity-Access-Rules")); // It would promise that the rules are enforced.
    }

    [Fact]
    public async Task Invalid_token_is_null()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Tokens, NotFound, 404);

        Assert.Null(await client.Identity.ValidateTokenAsync("gAAAAABk", Ct));
        Assert.Single(cloud.Seen("GET", Tokens));
    }

    [Theory]
    [InlineData(""), InlineData("a b"), InlineData("a\r\nX-Auth-Token: b"), InlineData("tökén"), InlineData("a\0")]
    public async Task What_is_no_token_is_null_without_a_request(string text)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        Assert.Null(await client.Identity.ValidateTokenAsync(text, Ct));
        Assert.Empty(cloud.Requests);
    }

    [Theory]
    [InlineData(404, "<html>404 Not Found</html>")]
    [InlineData(404, "")]
    [InlineData(404, "null")]
    [InlineData(404, """{"error":"no such page"}""")]
    [InlineData(404, """{"error":{"code":"404"}}""")]
    [InlineData(403, """{"error":{"code":403,"message":"You are not authorized to perform the requested action.","title":"Forbidden"}}""")]
    [InlineData(503, "<html>no healthy upstream</html>")]
    [InlineData(200, "<html>maintenance</html>")]
    [InlineData(200, """{"token":null}""")]
    [InlineData(200, """{"token":{"user":{"id":"u7"}}}""")]
    public async Task Answer_that_does_not_come_from_Keystone_neither_accepts_nor_rejects_a_token(int status, string body)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Tokens, body, status);

        await Assert.ThrowsAnyAsync<OpenStackException>(() => client.Identity.ValidateTokenAsync("gAAAAABk", Ct));
    }

    [Fact]
    public async Task Application_credential_is_limited_in_time_and_requests()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/identity/v3/users/u1/application_credentials", """
            {"application_credential":{"id":"a","name":"worker","secret":"s","expires_at":"2030-05-01T08:00:00.000000",
            "access_rules":[{"id":"a1","service":"compute","method":"GET","path":"/v2.1/servers/*"}],"unrestricted":false}}
            """, 201);
        cloud.Answer("GET", "/identity/v3/users/u1/application_credentials/a", """
            {"application_credential":{"id":"a","name":"worker","access_rules":null,"expires_at":null,"unrestricted":null}}
            """);
        var wish = new NewApplicationCredential("worker")
        {
            ExpiresAt = new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.FromHours(2)),
            AccessRules = [new AccessRule("compute", "GET", "/v2.1/servers/*")],
            Unrestricted = false,
        };

        var made = await client.Identity.CreateApplicationCredentialAsync(wish, Ct);
        var read = await client.Identity.GetApplicationCredentialAsync("a", Ct);

        Assert.Equal(wish.ExpiresAt, made.ExpiresAt);
        Assert.Equal([new AccessRule("compute", "GET", "/v2.1/servers/*") { Id = "a1" }], made.AccessRules);
        Assert.Equal((null, null, false), (read.AccessRules, read.ExpiresAt, read.Unrestricted));
        Assert.Equal(
            """{"application_credential":{"name":"worker","expires_at":"2030-05-01T08:00:00Z","access_rules":[{"service":"compute","""
                + "\"method\":\"GET\",\"path\":\"/v2.1/servers/*\"}],\"unrestricted\":false}}",
            Assert.Single(cloud.Seen("POST", "/application_credentials")).Body);
    }

    [Fact]
    public async Task Empty_access_rules_which_Keystone_takes_for_no_limit_are_refused()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        await Assert.ThrowsAsync<ArgumentException>(() => client.Identity.CreateApplicationCredentialAsync(
            new NewApplicationCredential("none") { AccessRules = [] }, Ct));
        Assert.Empty(cloud.Requests);
    }

    [Fact]
    public async Task Access_rules_are_listed_and_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/identity/v3/users/u1/access_rules", """
            {"access_rules":[{"path":"/v2.0/metrics","links":{"self":"https://example.com/a1"},"id":"a1","service":"monitoring",
            "method":"GET"}],"links":{"self":"https://example.com/access_rules","previous":null,"next":null}}
            """);
        cloud.Answer("DELETE", "/identity/v3/users/u1/access_rules/a1", "", 204);
        cloud.Answer("DELETE", "/identity/v3/users/u1/access_rules/a2",
            """{"error":{"code":404,"message":"Could not find Access Rule: a2.","title":"Not Found"}}""", 404);

        var rule = await client.Identity.ListAccessRulesAsync(Ct).SingleAsync(Ct);

        Body.AssertRead(new AccessRule("monitoring", "GET", "/v2.0/metrics") { Id = "a1" }, rule);
        Assert.True(await client.Identity.DeleteAccessRuleAsync("a1", Ct));
        Assert.False(await client.Identity.DeleteAccessRuleAsync("a2", Ct));
    }
}
