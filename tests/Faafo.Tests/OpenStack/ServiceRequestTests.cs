using System.Net;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Requests and fields that the library has no method or property for.</summary>
public sealed class ServiceRequestTests
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
    public async Task Any_service_of_the_catalog_receives_query_headers_and_microversion()
    {
        HttpRequestMessage? seen = null;
        using var transport = new StubTransport(request =>
        {
            seen = request;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        });
        using var cloud = new OpenStackClient(Config, new OpenStackClientOptions { Transport = transport });
        var request = new ServiceRequest(new ServiceType("shared-file-system"), HttpMethod.Get, "/shares/detail?limit=5")
        {
            Query = [new("name", "a b&c"), new("tag", "x"), new("tag", "y")],
            Headers = [new("X-Probe", "1")],
            Microversion = "2.65",
        };

        using var response = await cloud.Session.SendAsync(request, Ct);

        Assert.Equal("http://manila/v2/shares/detail?limit=5&name=a%20b%26c&tag=x&tag=y", seen!.RequestUri!.AbsoluteUri);
        Assert.Equal("shared-file-system 2.65", seen.Headers.GetValues("OpenStack-API-Version").Single());
        Assert.Equal("2.65", seen.Headers.GetValues("X-OpenStack-Manila-API-Version").Single());
        Assert.Equal(("1", "token"), (seen.Headers.GetValues("X-Probe").Single(), seen.Headers.GetValues("X-Auth-Token").Single()));
    }

    [Fact]
    public async Task Configured_microversion_is_sent_unless_the_request_has_its_own()
    {
        var seen = new List<string>();
        using var transport = new StubTransport(request =>
        {
            seen.Add(string.Join(',', request.Headers.GetValues("OpenStack-API-Version")));
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        });
        var settings = new ServiceSettings { DefaultMicroversion = "2.79" };
        var config = Config with { Services = new Dictionary<string, ServiceSettings> { ["compute"] = settings } };
        using var cloud = new OpenStackClient(config, new OpenStackClientOptions { Transport = transport });

        using var one = await cloud.Session.SendAsync(ServiceType.Compute, HttpMethod.Get, "/os-hypervisors", null, Ct);
        using var two = await cloud.Session.SendAsync(
            new ServiceRequest(ServiceType.Compute, HttpMethod.Get, "/os-hypervisors") { Microversion = "2.53" }, Ct);

        Assert.Equal(["compute 2.79", "compute 2.53"], seen);
    }

    [Fact]
    public async Task Headers_of_the_request_replace_the_usual_ones_and_describe_its_body()
    {
        HttpRequestMessage? seen = null;
        var type = "";
        using var transport = new StubTransport(request =>
        {
            seen = request;
            type = request.Content?.Headers.ContentType?.ToString();
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") };
        });
        using var cloud = new OpenStackClient(Config, new OpenStackClientOptions { Transport = transport });
        using var content = new StringContent("<a/>");
        var request = new ServiceRequest(ServiceType.Compute, HttpMethod.Put, "/x")
        {
            Headers = [new("Content-Type", "application/xml"), new("accept", "text/plain")],
            Microversion = "2.1",
        };

        using var response = await cloud.Session.SendAsync(request with { Content = content }, Ct);

        Assert.Equal(("application/xml", "text/plain"), (type, seen!.Headers.GetValues("Accept").Single()));
        var e = await Assert.ThrowsAsync<ArgumentException>(() => cloud.Session.SendAsync(request, Ct));
        Assert.StartsWith("the header Content-Type describes a body, but the request has none", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 5)]
    public async Task Body_that_can_be_read_once_is_sent_once(bool isText, int attempts)
    {
        using var transport = new StubTransport(_ => new HttpResponseMessage(HttpStatusCode.BadGateway));
        var options = new OpenStackClientOptions { Transport = transport, TimeProvider = new SkippingTime() };
        using var cloud = new OpenStackClient(Config, options);
        using HttpContent content = isText ? new StringContent("a") : new StreamContent(new MemoryStream([1]));

        await Assert.ThrowsAsync<OpenStackApiException>(() => cloud.Session.SendAsync(
            new ServiceRequest(ServiceType.Compute, HttpMethod.Put, "/x") { Content = content }, Ct));

        Assert.Equal(attempts, transport.Seen.Count);
    }

    [Fact]
    public async Task Service_that_the_catalog_lacks_is_named()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();

        var e = await Assert.ThrowsAsync<EndpointNotFoundException>(
            () => client.Session.SendAsync(new ServiceType("dns"), HttpMethod.Get, "/zones", null, Ct));

        Assert.Contains("dns", e.Message, StringComparison.Ordinal);
        Assert.Equal(ServiceType.Compute, new ServiceType("compute"));
        Assert.Throws<ArgumentException>(() => new ServiceType(" "));
    }

    [Fact]
    public async Task Fields_without_a_property_stay_available_and_are_not_compared()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """
            {"flavor":{"id":"1","name":"m1.tiny","ram":512,"vcpus":1,"disk":1,"rxtx_factor":1.5}}
            """);

        var one = await client.Compute.GetFlavorAsync("1", Ct);
        var two = await client.Compute.GetFlavorAsync("1", Ct);

        Assert.Equal(1.5, one.RawJson.GetProperty("rxtx_factor").GetDouble());
        Assert.Equal(one, two);
        Assert.NotEqual(one, two with { Name = "other" });
        Assert.DoesNotContain("rxtx_factor", one.ToString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Undefined, new Server { Id = "s", Status = "ACTIVE" }.RawJson.ValueKind);
    }
}
