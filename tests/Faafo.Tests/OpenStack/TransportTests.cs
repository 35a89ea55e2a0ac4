using System.Net;
using Faafo.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class TransportTests
{
    private static readonly CloudConfig Config = new()
    {
        Name = "stub",
        AuthUrl = new Uri("http://keystone/v3"),
        Credential = new PasswordCredential { UserName = "demo", UserDomain = new(Id: "default"), Password = "secret" },
        Scope = AuthScope.Project("demo", new(Id: "default")),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_go_through_the_transport_of_the_options()
    {
        using var transport = Flavors();
        using var cloud = new OpenStackClient(Config, new OpenStackClientOptions { Transport = transport, UserAgent = "my-app/1.0" });

        var flavor = await cloud.Compute.GetFlavorAsync("1", Ct);

        Assert.Equal(("m1.tiny", 1), (flavor.Name, transport.Logins));
        var (method, address, agent) = transport.Seen[^1];
        Assert.Equal(("GET", "http://nova/v2.1/flavors/1"), (method, address.AbsoluteUri));
        Assert.Matches(@"^my-app/1\.0 faafo-openstack/\d+\.\d+\.\d+$", agent);
    }

    [Fact]
    public async Task Client_does_not_dispose_the_transport()
    {
        using var transport = Flavors();
        await using (var cloud = new OpenStackClient(Config, new OpenStackClientOptions { Transport = transport }))
        {
            await cloud.Compute.GetFlavorAsync("1", Ct);
        }
        Assert.False(transport.IsDisposed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Transport_that_follows_redirects_is_rejected(bool isWrapped)
    {
        using var handler = new HttpClientHandler();
        using var wrapped = new Passing { InnerHandler = handler };
        HttpMessageHandler transport = isWrapped ? wrapped : handler;

        var e = Assert.Throws<ArgumentException>(() => new OpenStackClient(Config, new OpenStackClientOptions { Transport = transport }));

        Assert.Contains("set its AllowAutoRedirect to false", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_are_copied_so_that_later_changes_have_no_effect()
    {
        using var transport = new StubTransport(_ => new HttpResponseMessage(HttpStatusCode.InternalServerError));
        var options = new OpenStackClientOptions { Transport = transport, MaxAttempts = 1 };
        using var cloud = new OpenStackClient(Config, options);
        options.MaxAttempts = 5;

        await Assert.ThrowsAsync<OpenStackApiException>(() => SendAsync(cloud, "/one"));
        Assert.Single(transport.Seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_after_disposal_names_the_client(bool isAsynchronous)
    {
        using var transport = Flavors();
        var cloud = new OpenStackClient(Config, new OpenStackClientOptions { Transport = transport });
        await cloud.Session.GetTokenAsync(Ct);
        if (isAsynchronous)
        {
            await cloud.DisposeAsync();
        }
        else
        {
            cloud.Dispose();
        }
        cloud.Dispose();

        var e = await Assert.ThrowsAsync<ObjectDisposedException>(() => cloud.Compute.GetFlavorAsync("1", Ct));
        Assert.Equal(typeof(OpenStackClient).FullName, e.ObjectName);
    }

    private static async Task SendAsync(OpenStackClient cloud, string path)
    {
        using var response = await cloud.Session.SendAsync(ServiceType.Compute, HttpMethod.Get, path, null, Ct);
    }

    private static StubTransport Flavors() => new(request => request.RequestUri!.AbsolutePath.EndsWith("/1", StringComparison.Ordinal)
        ? Json("""{"flavor":{"id":"1","name":"m1.tiny","ram":512,"vcpus":1,"disk":1}}""")
        : Json("""{"version":{"id":"v2.1","status":"CURRENT","version":"2.90","min_version":"2.1","links":[]}}"""));

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };

    private sealed class Passing : DelegatingHandler;
}
