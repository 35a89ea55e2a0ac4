using System.Diagnostics;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>The addresses of services in the catalog, the formats of version documents, and the trace of calls.</summary>
public sealed class CatalogTests
{
    private static readonly ServiceCatalog Catalog = new(
    [
        Service(
            "compute",
            ("public", "One", "http://one/public"),
            ("internal", "One", "http://one/internal"),
            ("public", "Two", "http://two/public")),
        Service("volumev3", ("publicURL", "One", "http://one/volume")),
        Service("block-storage", ("admin", "One", "http://one/admin")),
    ]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("compute", "public", "One", "http://one/public")]
    [InlineData("compute", "public", "Two", "http://two/public")]
    [InlineData("compute", "internal,public", "One", "http://one/internal")]
    [InlineData("compute", "internal,public", "Two", "http://two/public")]
    [InlineData("block-storage", "public", "One", "http://one/volume")]
    [InlineData("block-storage", "admin", "One", "http://one/admin")]
    public void First_name_interface_and_region_that_match_win(string service, string interfaces, string? region, string expected) =>
        Assert.Equal(expected, Catalog.Find(Type(service), interfaces.Split(','), region).OriginalString);

    [Fact]
    public void Missing_endpoint_lists_the_existing_ones()
    {
        Assert.Equal(["One", "Two"], Catalog.Regions);
        Assert.Contains("no region 'Three', only: One, Two", Fails("compute", "public", "Three"), StringComparison.Ordinal);
        Assert.Contains("compute internal One", Fails("compute", "admin", "One"), StringComparison.Ordinal);
        Assert.Contains("set project_name", Assert.Throws<EndpointNotFoundException>(
            () => new ServiceCatalog([]).Find(ServiceType.Compute, ["public"], null)).Message, StringComparison.Ordinal);

        static string Fails(string service, string face, string region) =>
            Assert.Throws<EndpointNotFoundException>(() => Catalog.Find(Type(service), [face], region)).Message;
    }

    [Fact]
    public async Task Endpoint_override_replaces_the_catalog()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Answer("GET", "/other/v2.0/networks", """{"networks":[{"id":"n","name":"elsewhere"}]}""");
        var settings = new Dictionary<string, ServiceSettings> { ["network"] = new() { EndpointOverride = new Uri(cloud.Url + "/other") } };
        await using var client = cloud.Client(cloud.Config with { Services = settings });

        Assert.Equal("elsewhere", (await client.Networking.ListNetworksAsync(cancellationToken: Ct).SingleAsync(Ct)).Name);
    }

    [Fact]
    public async Task Configured_microversion_is_used_without_negotiation()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        var settings = new Dictionary<string, ServiceSettings> { ["compute"] = new() { DefaultMicroversion = "2.79" } };
        await using var client = cloud.Client(cloud.Config with { Services = settings });

        await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct);

        var request = Assert.Single(cloud.Seen("GET", "/servers/detail"));
        Assert.Equal("compute 2.79", request.Headers["OpenStack-API-Version"].ToString());
        Assert.Empty(cloud.Seen("GET", "/compute/v2.1/"));
    }

    [Theory]
    [InlineData("""{"versions":[{"id":"v2.0","status":"CURRENT","links":[{"rel":"self","href":"http://x:9696/v2.0/"}]}]}""",
        "v2.0 CURRENT - - /v2.0")]
    [InlineData("""{"versions":{"values":[{"id":"v3.14","status":"stable","links":[]}]}}""", "v3.14 stable - - -")]
    [InlineData("""
        {"version":{"id":"v2.1","status":"CURRENT","version":"2.93","min_version":"2.1",
        "links":[{"rel":"self","href":"http://x/compute/v2.1/"}]}}
        """, "v2.1 CURRENT 2.1 2.93 /compute/v2.1")]
    [InlineData("""
        {"versions":[{"id":"v3.0","status":"CURRENT","version":"3.70","max_version":"3.71","min_version":"3.0","updated":"x"}]}
        """,
        "v3.0 CURRENT 3.0 3.71 -")]
    [InlineData("""{"versions":[{"id":"v2","version":"","min_version":"","links":"none"}]}""", "v2 - - - -")]
    public void Version_document_of_every_format_is_read(string body, string expected)
    {
        using var document = JsonDocument.Parse(body);

        var version = Assert.Single(ApiVersion.ReadAll(document.RootElement));

        string?[] fields = [version.Id, version.Status, version.MinMicroversion, version.MaxMicroversion, version.Path];
        Assert.Equal(expected, string.Join(' ', fields.Select(text => text ?? "-")));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"versions":"v2"}""")]
    public void Malformed_version_document_is_rejected(string body)
    {
        using var document = JsonDocument.Parse(body);

        Assert.Throws<JsonException>(() => ApiVersion.ReadAll(document.RootElement));
    }

    [Fact]
    public async Task Trace_has_the_calls_and_no_secret()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        using var root = new ActivitySource(nameof(CatalogTests));
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Faafo.OpenStack" or nameof(CatalogTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        string token;
        ActivityTraceId trace;
        using (var own = root.StartActivity("test"))
        {
            trace = own!.TraceId;
            token = (await client.Session.GetTokenAsync(Ct)).Id;
            cloud.Answer("POST", "/open/signal", "{}");
            await client.Orchestration.SignalAsync(new Uri(cloud.Url + "/open/signal?Signature=hush-hush"), Ct);
        }
        var calls = spans.Where(span => span.TraceId == trace && span.Source.Name == "Faafo.OpenStack").ToList();
        Assert.Contains(
            calls, span => span.DisplayName == "POST /{id}/signal" && Equals(span.GetTagItem("http.response.status_code"), 200));
        var all = string.Join('\n', calls.SelectMany(
            span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription)));
        Assert.All([token, "hush-hush", FakeOpenStack.Password], secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    private static ServiceType Type(string name) => name == "compute" ? ServiceType.Compute : ServiceType.BlockStorage;

    private static CatalogService Service(string type, params (string Interface, string Region, string Url)[] endpoints) => new()
    {
        Type = type,
        Endpoints = [.. endpoints.Select(one => new CatalogEndpoint { Interface = one.Interface, RegionId = one.Region, Url = one.Url })],
    };
}
