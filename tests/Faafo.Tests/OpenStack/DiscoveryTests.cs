using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>How addresses are found: catalogs with and without versions, behind prefixes, with several regions, with odd entries.</summary>
public sealed class DiscoveryTests
{
    private const string Id = "107d4467e46f41d2ae75865e4886916a";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("block-storage", "http://h/volume", "http://h/volume/v3/" + Id)]
    [InlineData("block-storage", "http://h/volume/v3", "http://h/volume/v3/" + Id)]
    [InlineData("block-storage", "http://h/volume/v3/" + Id, "http://h/volume/v3/" + Id)]
    [InlineData("block-storage", "http://h/volume/v2/" + Id, "http://h/volume/v2/" + Id)]
    [InlineData("block-storage", "http://h/volume/v1/" + Id, "http://h/volume/v3/" + Id)]
    [InlineData("block-storage", "http://h:8776/", "http://h:8776/v3/" + Id)]
    [InlineData("orchestration", "http://h/heat-api", "http://h/heat-api/v1/" + Id)]
    [InlineData("orchestration", "http://h/heat-api/v1/" + Id, "http://h/heat-api/v1/" + Id)]
    [InlineData("compute", "http://h/v2cloud/nova", "http://h/v2cloud/nova/v2.1")]
    [InlineData("compute", "http://h/v1-region/compute", "http://h/v1-region/compute/v2.1")]
    [InlineData("compute", "http://h/v3/compute", "http://h/v3/compute/v2.1")]
    [InlineData("compute", "http://h/compute/v2.1/" + Id, "http://h/compute/v2.1/" + Id)]
    [InlineData("compute", "http://h:8774/v2", "http://h:8774/v2")]
    [InlineData("network", "http://h:9696", "http://h:9696/v2.0")]
    [InlineData("image", "http://h/image/v1", "http://h/image/v2")]
    [InlineData("load-balancer", "http://h/load-balancer/", "http://h/load-balancer/v2")]
    [InlineData("object-store", "http://h/v1/AUTH_x", "http://h/v1/AUTH_x")]
    [InlineData("object-store", "http://h/swift", "http://h/swift")]
    public void Address_is_completed_by_version_and_project(string service, string address, string expected) => Assert.Equal(
        expected, EndpointVersion.Complete(new Uri(address), ServiceType.All.Single(one => one.Name == service), Id).AbsoluteUri);

    [Theory]
    [InlineData("http://h/identity", "http://10.0.0.1:5000/v3/", "http://h/identity/v3")]
    [InlineData("http://h/identity", "http://h/identity/v3/", "http://h/identity/v3")]
    [InlineData("http://h/identity", "http://h/v3/", "http://h/identity/v3")]
    [InlineData("http://h/identity/", "http://inside/other/v3.14", "http://h/identity/v3.14")]
    [InlineData("http://h:5000", "http://h:5000/identity/v3/", "http://h:5000/identity/v3")]
    [InlineData("https://h", "http://inside:5000/v3", "https://h/v3")]
    [InlineData("http://h/identity", null, "http://h/identity/v3")]
    [InlineData("http://h/identity", "http://inside/", "http://h/identity/v3")]
    public void Version_document_of_another_host_or_path_keeps_our_prefix(string root, string? self, string expected) =>
        Assert.Equal(expected, EndpointVersion.Combine(new Uri(root), self is null ? null : new Uri(self), "v3").AbsoluteUri);

    [Fact]
    public async Task Keystone_behind_a_prefix_is_found_though_its_document_names_another_host_and_path()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Answer("GET", "/identity", """
            {"versions":{"values":[{"id":"v3.14","status":"stable","links":[{"rel":"self","href":"http://10.1.2.3:5000/v3/"}]}]}}
            """, 300);
        await using var client = cloud.Client(cloud.Config with { AuthUrl = new Uri(cloud.Url + "/identity") });

        Assert.Equal("demo", (await client.Session.GetTokenAsync(Ct)).User?.Name);
    }

    [Fact]
    public async Task Volume_is_deleted_through_an_address_without_a_version()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/auth/tokens", CatalogRewrite.By(
            token => CatalogRewrite.EndpointOf(token, "volumev3")["url"] = cloud.Url + "/volume"));
        cloud.Answer("DELETE", "/volume/v3/p1/volumes/v", "", 202);

        Assert.True(await client.BlockStorage.DeleteVolumeAsync("v", Ct));
    }

    [Fact]
    public async Task Several_regions_without_a_choice_are_an_error_that_lists_them()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(cloud.Config with { RegionName = null });
        cloud.Inject("POST", "/auth/tokens", CatalogRewrite.By(token =>
        {
            CatalogRewrite.EndpointOf(token, "network")["region_id"] = "Two";
            CatalogRewrite.EndpointOf(token, "network")["region"] = "Two";
        }));
        var error = await Assert.ThrowsAsync<EndpointNotFoundException>(() => client.Compute.GetFlavorAsync("1", Ct));
        Assert.Contains("region_name to one of: One, Two", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EndpointNotFoundException>(() => client.Networking.GetPortAsync("1", Ct));

        var problems = (await client.DiagnoseAsync(Ct)).Problems;
        Assert.Single(problems, problem => problem.Contains("several regions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_region_needs_no_choice()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(cloud.Config with { RegionName = null });

        Assert.Empty(await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Malformed_catalog_entries_are_named_only_if_they_are_used()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/auth/tokens", CatalogRewrite.By(token =>
        {
            CatalogRewrite.EndpointOf(token, "image").Remove("interface");
            CatalogRewrite.ServiceOf(token, "load-balancer")["endpoints"] = "none";
            CatalogRewrite.EndpointOf(token, "network")["url"] = JsonValue.Create(7);
            var catalog = (JsonArray)token["catalog"]!;
            catalog.Add(new JsonObject { ["name"] = "odd" });
            catalog.Add(JsonValue.Create("x"));
            catalog.Add((JsonNode?)null);
        }));

        Assert.Empty(await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct));
        await FailsAsync("an endpoint of image has no interface", () => client.Images.GetImageAsync("i", Ct));
        await FailsAsync("load-balancer has no list of endpoints", () => client.LoadBalancing.GetLoadBalancerAsync("b", Ct));
        await FailsAsync("address of network", () => client.Networking.GetPortAsync("p", Ct));

        var problems = string.Join('\n', (await client.DiagnoseAsync(Ct)).Problems);
        Assert.Contains("('odd') has no type", problems, StringComparison.Ordinal);

        static async Task FailsAsync(string reason, Func<Task> act) => Assert.Contains(
            reason, (await Assert.ThrowsAsync<EndpointNotFoundException>(act)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("volumev3", "/nothing", "block_storage_endpoint_override")]
    [InlineData("orchestration", "/nothing", "orchestration_endpoint_override")]
    [InlineData("image", "/nothing", "image_endpoint_override")]
    public async Task Diagnosis_reports_an_address_at_which_nothing_answers(string type, string path, string setting)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/auth/tokens", CatalogRewrite.By(
            token => CatalogRewrite.EndpointOf(token, type)["url"] = cloud.Url + path));

        Assert.Contains(
            (await client.DiagnoseAsync(Ct)).Problems,
            problem => problem.Contains(setting, StringComparison.Ordinal) && problem.Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diagnosis_reports_a_service_with_only_internal_endpoints()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/auth/tokens", CatalogRewrite.By(
            token => CatalogRewrite.EndpointOf(token, "image")["interface"] = "internal"));

        Assert.Contains(
            (await client.DiagnoseAsync(Ct)).Problems,
            problem => problem.Contains("no public endpoint of image", StringComparison.Ordinal)
                && problem.Contains("set interface to internal in clouds.yaml", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Diagnosis_distinguishes_a_missing_account_of_Swift_from_a_missing_Swift(bool isSwift, int problems)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("GET", "/AUTH_p1", (context, _) =>
        {
            context.Response.StatusCode = 404;
            if (isSwift)
            {
                context.Response.Headers["X-Trans-Id"] = "tx1";
            }
            return Task.CompletedTask;
        });
        var found = (await client.DiagnoseAsync(Ct)).Problems;
        Assert.Equal(problems, found.Count(problem => problem.StartsWith("object-store", StringComparison.Ordinal)));
    }
}
