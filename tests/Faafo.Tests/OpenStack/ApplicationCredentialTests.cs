using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Keystone: application credentials in the format of the API reference.</summary>
public sealed class ApplicationCredentialTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Application_credential_is_created_and_hides_its_secret()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Credential = """
            "id":"a","name":"worker","description":"of a test","project_id":"p1","roles":[{"id":"r1","name":"member","domain_id":null}],
            "expires_at":"2030-05-01T10:00:00.000000",
            "unrestricted":true,
            "access_rules":[{"id":"a1","service":"compute","method":"GET","path":"/v2.1/servers"}],"user_id":"u1","system":null,"links":{}
            """;
        cloud.Answer("POST", "/identity/v3/users/u1/application_credentials", $$$"""
            {"application_credential":{{{{Credential}}},"secret":"very-secret"}}
            """, 201);
        cloud.Answer("GET", "/identity/v3/users/u1/application_credentials", $$$"""
            {"application_credentials":[{{{{Credential}}}}],"links":{"next":null,"previous":null}}
            """);
        cloud.Answer("DELETE", "/identity/v3/users/u1/application_credentials/a", "", 204);
        var expected = new ApplicationCredentialInfo
        {
            Id = "a",
            Name = "worker",
            Description = "of a test",
            ProjectId = "p1",
            Roles = [new NamedReference { Id = "r1", Name = "member" }],
            ExpiresAt = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
            AccessRules = [new AccessRule("compute", "GET", "/v2.1/servers") { Id = "a1" }],
            Unrestricted = true,
            Secret = "very-secret",
        };
        var made = await client.Identity.CreateApplicationCredentialAsync(
            new NewApplicationCredential("worker") { Description = "of a test", Roles = [new NamedReference { Name = "member" }] }, Ct);

        Body.AssertRead(expected, made);
        Assert.DoesNotContain("very-secret", made.ToString(), StringComparison.Ordinal);
        var listed = await client.Identity.ListApplicationCredentialsAsync("worker", Ct).SingleAsync(Ct);
        Body.AssertRead(expected with { Secret = null }, listed, nameof(expected.Secret));
        Assert.True(await client.Identity.DeleteApplicationCredentialAsync("a", Ct));
        Assert.False(await client.Identity.DeleteApplicationCredentialAsync("b", Ct));
        Assert.Equal(
            """{"application_credential":{"name":"worker","description":"of a test","roles":[{"name":"member"}]}}""",
                cloud.Seen("POST", "/application_credentials")[0].Body);
        Assert.Equal("?name=worker", cloud.Seen("GET", "/application_credentials")[0].Query);
    }
}
