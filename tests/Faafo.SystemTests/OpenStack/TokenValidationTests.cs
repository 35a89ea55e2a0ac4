using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>The validation of tokens and the limits of application credentials at a real Keystone.</summary>
public sealed class TokenValidationTests
{
    [Fact]
    public async Task Token_is_validated_by_an_administrator_and_by_its_owner()
    {
        await using var admin = Connect("devcloud-admin");
        await using var cloud = Connect();
        var own = await cloud.Session.GetTokenAsync(Ct);
        var others = await admin.Session.GetTokenAsync(Ct);

        foreach (var validator in (OpenStackClient[])[admin, cloud])
        {
            var token = await validator.Identity.ValidateTokenAsync(own.Id, Ct);
            Assert.Equal((own.User, own.Project, own.ExpiresAt), (token!.User, token.Project, token.ExpiresAt));
            Assert.Equal(own.Roles, token.Roles);
            Assert.NotEmpty(token.Roles);
            Assert.Null(await validator.Identity.ValidateTokenAsync("gAAAAABk", Ct));
        }
        var error = await Assert.ThrowsAsync<OpenStackApiException>(() => cloud.Identity.ValidateTokenAsync(others.Id, Ct));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, error.Status);
    }

    [Fact]
    public async Task Token_of_a_deleted_application_credential_is_invalid()
    {
        await using var admin = Connect("devcloud-admin");
        await using var cloud = Connect();
        var made = await cloud.Identity.CreateApplicationCredentialAsync(new NewApplicationCredential(Unique("revoked")), Ct);
        await using var program = Program(cloud, made);
        string token;
        try
        {
            token = (await program.Session.GetTokenAsync(Ct)).Id;
            Assert.Equal(made.ProjectId, (await admin.Identity.ValidateTokenAsync(token, Ct))?.Project?.Id);
        }
        finally
        {
            Assert.True(await cloud.Identity.DeleteApplicationCredentialAsync(made.Id, CancellationToken.None));
        }

        Assert.Null(await admin.Identity.ValidateTokenAsync(token, Ct));
    }

    [Fact]
    public async Task Application_credential_with_expiry_and_access_rules_is_created()
    {
        await using var admin = Connect("devcloud-admin");
        await using var cloud = Connect();
        var path = "/v2.1/" + Unique("rule");
        var soon = DateTimeOffset.UnixEpoch.AddSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600);
        var wish = new NewApplicationCredential(Unique("limited"))
        {
            ExpiresAt = soon,
            AccessRules = [new AccessRule("compute", "GET", path)],
        };
        var made = await cloud.Identity.CreateApplicationCredentialAsync(wish, Ct);
        var rule = Assert.Single(made.AccessRules!);
        try
        {
            Assert.Equal((soon, false), (made.ExpiresAt, made.Unrestricted));
            Assert.Equal(("compute", "GET", path), (rule.Service, rule.Method, rule.Path));
            var read = await cloud.Identity.GetApplicationCredentialAsync(made.Id, Ct);
            Assert.Equal((soon, rule, null), (read.ExpiresAt, read.AccessRules![0], read.Secret));
            Assert.Contains(rule, await cloud.Identity.ListAccessRulesAsync(Ct).ToListAsync(Ct));
            await Assert.ThrowsAsync<OpenStackApiException>(() => cloud.Identity.DeleteAccessRuleAsync(rule.Id!, Ct));

            // A service that did not enforce the rules must not accept such a token.
            await using var program = Program(cloud, made);
            var token = await program.Session.GetTokenAsync(Ct);
            Assert.True(token.ExpiresAt <= soon, $"{token.ExpiresAt:o} > {soon:o}");
            Assert.Null(await admin.Identity.ValidateTokenAsync(token.Id, Ct));
        }
        finally
        {
            Assert.True(await cloud.Identity.DeleteApplicationCredentialAsync(made.Id, CancellationToken.None));
            Assert.True(await cloud.Identity.DeleteAccessRuleAsync(rule.Id!, CancellationToken.None));
        }
        Assert.False(await cloud.Identity.DeleteAccessRuleAsync(rule.Id!, Ct));
        var past = wish with { ExpiresAt = soon.AddHours(-2) };
        await Assert.ThrowsAsync<OpenStackApiException>(() => cloud.Identity.CreateApplicationCredentialAsync(past, Ct));
    }

    private static OpenStackClient Program(OpenStackClient cloud, ApplicationCredentialInfo credential) => new(cloud.Session.Config with
    {
        Credential = new ApplicationCredential { Id = credential.Id, Secret = credential.Secret! },
        Scope = AuthScope.None,
    });
}
