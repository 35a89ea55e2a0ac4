using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Faafo.Tests.OpenStack.Pages;

/// <summary>The pages of docs/openstack: their examples compile, and do what they say.</summary>
public sealed class PageTests
{
    private const string Stack = """
        {"stack":{"id":"st","stack_name":"web","stack_status":"CREATE_COMPLETE",
        "outputs":[{"output_key":"address","output_value":"10.0.0.5"}]}}
        """;

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Folder, "*.rst").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Repository.Root, "docs", "openstack");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Pages))]
    public void Examples_of_a_page_compile(string page)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Faafo.Tests", "OpenStack", "Pages"), "*.cs")
            .Select(path => Text(File.ReadLines(path))).ToList();

        Assert.All(
            Examples(File.ReadLines(Path.Combine(Folder, page))),
            example => Assert.Contains(sources, source => source.Contains(Text(example), StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_service_has_a_page_with_an_example()
    {
        string[] services =
        [
            "identity", "compute", "networking", "images", "object-storage", "block-storage", "orchestration", "load-balancing",
            "dns", "key-management",
        ];
        Assert.All(services, service => Assert.NotEmpty(Examples(File.ReadLines(Path.Combine(Folder, service + ".rst")))));
        Assert.All(services, service => Assert.Contains(
            $"<{service}.rst>", File.ReadAllText(Path.Combine(Folder, "index.rst")), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Identity_example_creates_and_deletes_a_credential()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();

        await PageExamples.IdentityAsync(client, Ct);

        Assert.Single(cloud.Seen("POST", "/application_credentials"));
        Assert.Empty(cloud.Identity.Credentials);
    }

    [Fact]
    public async Task Compute_example_boots_lists_and_deletes_a_server()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images/debian-12", "{}", 404);
        cloud.Answer("GET", "/image/v2/images", """{"images":[{"id":"i","name":"debian-12","status":"active"}]}""");
        cloud.Answer("GET", "/compute/v2.1/flavors/m1.small", """{"itemNotFound":{"code":404,"message":"no flavor"}}""", 404);
        cloud.Answer("GET", "/compute/v2.1/flavors/detail", """
            {"flavors":[{"id":"f","name":"m1.small","ram":2048,"vcpus":1,"disk":20}]}
            """);

        await PageExamples.ComputeAsync(client, Ct);

        Assert.Single(cloud.Seen("POST", "/servers"));
        Assert.Empty(cloud.Compute.Servers);
    }

    [Fact]
    public async Task Networking_example_leaves_nothing_behind()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();
        cloud.Network.Networks.Add(new JsonObject { ["id"] = "private-id", ["name"] = "private" });

        await PageExamples.NetworkingAsync(client, Ct);

        Assert.Single(cloud.Seen("POST", "/ports"));
        Assert.Empty(cloud.Network.Ports);
        Assert.Empty(cloud.Network.Groups);
        Assert.Empty(cloud.Network.FloatingIPs);
    }

    [Fact]
    public async Task Images_example_uploads_the_content()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();
        var image = """{"id":"i","name":"tiny","status":"active","size":3}""";
        cloud.Answer("POST", "/image/v2/images", image, 201);
        cloud.Answer("PUT", "/image/v2/images/i/file", "", 204);
        cloud.Answer("GET", "/image/v2/images/i", image);
        cloud.Answer("GET", "/image/v2/images", $$"""{"images":[{{image}}]}""");
        cloud.Answer("DELETE", "/image/v2/images/i", "", 204);

        await PageExamples.ImagesAsync(client, new MemoryStream("abc"u8.ToArray()), Ct);

        Assert.Equal("abc", Assert.Single(cloud.Seen("PUT", "/images/i/file")).Body);
        Assert.Single(cloud.Seen("DELETE", "/images/i"));
    }

    [Fact]
    public async Task Object_storage_example_reads_what_it_wrote()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();
        using var target = new MemoryStream();

        await PageExamples.ObjectStorageAsync(client, new MemoryStream("abc"u8.ToArray()), target, Ct);

        Assert.Equal("abc", Encoding.UTF8.GetString(target.ToArray()));
        Assert.Empty(cloud.Swift.Objects);
    }

    [Fact]
    public async Task Block_storage_example_waits_for_every_step()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();

        await PageExamples.BlockStorageAsync(client, Ct);

        Assert.Equal(["POST volumes", "POST snapshots", "DELETE snapshots", "DELETE volumes"], cloud.Volumes.Log);
        Assert.Empty(cloud.Volumes.Volumes);
    }

    [Fact]
    public async Task Orchestration_example_creates_and_deletes_a_stack()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();
        cloud.Answer("POST", "/heat/v1/p1/stacks", """{"stack":{"id":"st","links":[]}}""", 201);
        cloud.Answer("GET", "/heat/v1/p1/stacks/st", Stack);
        cloud.Answer("GET", "/heat/v1/p1/stacks/web", Stack);
        cloud.Answer("GET", "/heat/v1/p1/stacks/web/st/resources", """
            {"resources":[{"resource_name":"a","resource_type":"OS::Nova::Server","resource_status":"CREATE_COMPLETE"}]}
            """);
        cloud.Answer("DELETE", "/heat/v1/p1/stacks/web", "", 204);

        await PageExamples.OrchestrationAsync(client, "heat_template_version: 2021-04-16", new() { ["size"] = "2" }, Ct);

        Assert.Single(cloud.Seen("DELETE", "/stacks/web"));
    }

    [Fact]
    public async Task Load_balancing_example_adds_a_member()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client();

        await PageExamples.LoadBalancingAsync(client, "lb1", "p1", Ct);

        Assert.Equal("10.0.0.7", (string?)Assert.Single(cloud.Balancers.Members)["address"]);
    }

    [Fact]
    public async Task Dns_example_names_a_load_balancer()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = ClientOf(cloud, "dns");
        var name = """
            {"id":"r","name":"app.example.org.","type":"A","records":["10.0.0.5"],"zone_id":"z","status":"ACTIVE","action":"NONE"}
            """;
        cloud.Answer("GET", "/dns/v2/zones", """
            {"zones":[{"id":"z","name":"example.org.","email":"joe@example.org","status":"ACTIVE"}]}
            """);
        cloud.Answer("POST", "/dns/v2/zones/z/recordsets", name, 202);
        cloud.Answer("GET", "/dns/v2/zones/z/recordsets/r", name);

        await PageExamples.DnsAsync(client, new() { Id = "lb1", ProvisioningStatus = "ACTIVE", VipAddress = "10.0.0.5" }, Ct);

        var asked = JsonNode.Parse(Assert.Single(cloud.Seen("POST", "/recordsets")).Body!)!;
        Assert.Equal(("app.example.org.", "10.0.0.5"), ((string?)asked["name"], (string?)asked["records"]![0]));
    }

    [Fact]
    public async Task Key_management_example_gives_a_listener_its_certificate()
    {
        const string Reference = "http://192.0.2.1/v1/secrets/48d24158-b4b4-45b8-9669-d9f0ef793c23";
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = ClientOf(cloud, "key-manager");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=example.org", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        cloud.Answer("POST", "/key-manager/v1/secrets", $$"""{"secret_ref":"{{Reference}}"}""", 201);
        cloud.Answer("GET", $"/key-manager/v1/secrets/{Reference[^36..]}", $$"""
            {"secret_ref":"{{Reference}}","name":"web-certificate","status":"ACTIVE","secret_type":"opaque"}
            """);
        cloud.Answer("POST", "/lb/v2/lbaas/listeners", """
            {"listener":{"id":"l","name":"https","protocol":"TERMINATED_HTTPS","protocol_port":443,"provisioning_status":"PENDING_CREATE"}}
            """, 201);

        await PageExamples.KeyManagementAsync(client, "lb1", certificate, Ct);

        var listener = JsonNode.Parse(Assert.Single(cloud.Seen("POST", "/listeners")).Body!)!["listener"]!;
        Assert.Equal(Reference, (string?)listener["default_tls_container_ref"]);
        Assert.DoesNotContain("PRIVATE KEY", Assert.Single(cloud.Seen("POST", "/secrets")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosting_example_configures_the_options()
    {
        var services = new ServiceCollection();

        HostingPage.Add(services);

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<OpenStackClientOptions>>().Value;
        Assert.Equal((3, "my-app/1.0"), (options.MaxAttempts, options.UserAgent));
        Assert.Contains(services, service => service.ServiceType == typeof(OpenStackClient));
    }

    [Fact]
    public async Task Example_of_other_services_reads_what_has_no_property()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = ClientOf(cloud, "shared-file-system");
        cloud.Answer("GET", "/shared-file-system/shares/detail", """{"shares":[{"id":"z"}]}""");
        cloud.Answer("GET", "/compute/v2.1/servers/s", """{"server":{"id":"s","status":"ACTIVE","hostId":"h-7"}}""");

        Assert.Equal(1, await OtherServicesPage.CountSharesAsync(client, Ct));
        Assert.Equal("h-7", await OtherServicesPage.FindHostAsync(client, "s", Ct));
        var asked = Assert.Single(cloud.Seen("GET", "/shares/detail"));
        Assert.Equal(("?name=data", "2.51"), (asked.Query, asked.Headers["X-OpenStack-Manila-API-Version"].ToString()));
    }

    private static OpenStackClient ClientOf(FakeOpenStack cloud, string service) => cloud.Client(cloud.Config with
    {
        Services = new Dictionary<string, ServiceSettings> { [service] = new() { EndpointOverride = new Uri($"{cloud.Url}/{service}") } },
    });

    private static IEnumerable<List<string>> Examples(IEnumerable<string> lines)
    {
        List<string>? example = null;
        foreach (var line in lines)
        {
            if (line == ".. code-block:: csharp")
            {
                example = [];
            }
            else if (example is not null && line.Length > 0 && line[0] != ' ')
            {
                yield return example;
                example = null;
            }
            else
            {
                example?.Add(line);
            }
        }
        if (example is not null)
        {
            yield return example;
        }
    }

    private static string Text(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));
}
