using Faafo.OpenStack;
using Faafo.OpenStack.KeyManagement;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Barbican, which the test cloud lacks: every property and every request in the format of the API reference.</summary>
public sealed class KeyManagementTests
{
    private const string Id = "48d24158-b4b4-45b8-9669-d9f0ef793c23";
    private const string Reference = "http://192.0.2.1:9311/v1/secrets/" + Id;

    private const string Secret = $$"""
        {"status":"ACTIVE","created":"2030-05-01T10:00:00.650515","updated":"2030-05-01T10:00:00.654116",
        "expiration":"2031-05-01T10:00:00.000000","algorithm":null,"bit_length":null,"mode":null,"name":"web","creator_id":"u1",
        "secret_ref":"{{Reference}}","secret_type":"opaque","content_types":{"default":"application/octet-stream"} }
        """;

    private static readonly Secret ExpectedSecret = new()
    {
        Reference = Reference,
        Name = "web",
        SecretType = "opaque",
        Status = "ACTIVE",
        Expiration = new(2031, 5, 1, 10, 0, 0, TimeSpan.Zero),
        CreatedAt = new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero).AddTicks(6_505_150),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secret_is_created_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("POST", "/barbican/v1/secrets", $$"""{"secret_ref":"{{Reference}}"}""", 201);
        cloud.Answer("GET", "/barbican/v1/secrets/" + Id, Secret);

        var secret = await client.KeyManagement.CreateSecretAsync(
            new NewSecret("web", new byte[] { 0xff, 0, 1, 2 }) { Expiration = new(2031, 5, 1, 12, 0, 0, TimeSpan.FromHours(2)) }, Ct);

        AssertRead(secret);
        Assert.Equal(
            """
            {"name":"web","secret_type":"opaque","expiration":"2031-05-01T10:00:00.000000","payload":"/wABAg==",
            "payload_content_type":"application/octet-stream","payload_content_encoding":"base64"}
            """.ReplaceLineEndings(""),
            Assert.Single(cloud.Seen("POST", "/secrets")).Body);
    }

    [Fact]
    public async Task Secret_is_read_found_and_listed_over_pages()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        var other = Secret.Replace("\"web\"", "\"web-2\"", StringComparison.Ordinal);
        cloud.Answer("GET", "/barbican/v1/secrets/" + Id, Secret);
        cloud.Inject("GET", "/barbican/v1/secrets", Fault.Status(200, $$"""
            {"secrets":[{{Secret}}],"total":2,"next":"http://192.0.2.1:9311/v1/secrets?limit=100&offset=100"}
            """));
        cloud.Answer("GET", "/barbican/v1/secrets", $$"""{"secrets":[{{other}}],"total":2}""");

        AssertRead(await client.KeyManagement.GetSecretAsync(Id, Ct));
        AssertRead(await client.KeyManagement.GetSecretAsync(Reference, Ct));
        AssertRead(await client.KeyManagement.FindSecretAsync(Id, Ct));
        var all = await client.KeyManagement.ListSecretsAsync(cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(["web", "web-2"], all.Select(secret => secret.Name));
        AssertRead(all[0]);
        Assert.Equal("web-2", (await client.KeyManagement.FindSecretAsync("web-2", Ct)).Name);
        await Assert.ThrowsAsync<NameNotFoundException>(() => client.KeyManagement.FindSecretAsync("web-3", Ct));
        Assert.Equal(
            ["?limit=100&offset=100", "?limit=100&name=web-2", "?limit=100&name=web-3"],
            cloud.Seen("GET", "/secrets").Select(request => request.Query));
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain")]
    public async Task Payload_is_requested_as_the_media_type_that_it_was_stored_with(string type)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("GET", "/barbican/v1/secrets/" + Id, Secret.Replace("application/octet-stream", type, StringComparison.Ordinal));
        cloud.Inject("GET", $"/secrets/{Id}/payload", async (context, _) =>
        {
            context.Response.StatusCode = context.Request.Headers.Accept == type ? 200 : 406;
            await context.Response.Body.WriteAsync("beer"u8.ToArray());
        });

        Assert.Equal("beer"u8.ToArray(), await client.KeyManagement.GetSecretPayloadAsync(Reference, Ct));
    }

    [Fact]
    public async Task Secret_is_deleted_by_id_or_reference()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("DELETE", "/barbican/v1/secrets/" + Id, "", 204);

        Assert.True(await client.KeyManagement.DeleteSecretAsync(Id, Ct));
        Assert.True(await client.KeyManagement.DeleteSecretAsync(Reference, Ct));
        Assert.False(await client.KeyManagement.DeleteSecretAsync("00000000-0000-0000-0000-000000000000", Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => client.KeyManagement.DeleteSecretAsync("web", Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => client.KeyManagement.GetSecretAsync(Id + "?x=1", Ct));
        Assert.Equal(2, cloud.Seen("DELETE", "/secrets/" + Id).Count);
    }

    [Fact]
    public void Payload_is_not_in_the_text_of_a_secret() => Assert.DoesNotContain(
        "secret", new NewSecret("web", "secret"u8.ToArray()).ToString().Replace("Secret", "", StringComparison.Ordinal),
        StringComparison.Ordinal);

    private static void AssertRead(Secret secret)
    {
        Assert.Equal((Id, "application/octet-stream"), (secret.Id, secret.ContentType));
        Body.AssertRead(ExpectedSecret, secret with { ContentTypes = null });
    }

    private static OpenStackClient Client(FakeOpenStack cloud) => cloud.Client(cloud.Config with
    {
        Services = new Dictionary<string, ServiceSettings>
        {
            ["key-manager"] = new() { EndpointOverride = new Uri(cloud.Url + "/barbican") },
        },
    });
}
