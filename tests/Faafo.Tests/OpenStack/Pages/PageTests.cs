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
        var config = cloud.Config with
        {
            Services = new Dictionary<string, ServiceSettings> { ["dns"] = new() { EndpointOverride = new Uri(cloud.Url + "/dns") } },
        };
        using var client = cloud.Client(config);
        cloud.Answer("GET", "/dns/v2/zones", """{"zones":[{"id":"z"}]}""");
        cloud.Answer("GET", "/compute/v2.1/servers/s", """{"server":{"id":"s","status":"ACTIVE","hostId":"h-7"}}""");

        Assert.Equal(1, await OtherServicesPage.ListZonesAsync(client, Ct));
        Assert.Equal("h-7", await OtherServicesPage.FindHostAsync(client, "s", Ct));
        var asked = Assert.Single(cloud.Seen("GET", "/dns/v2/zones"));
        Assert.Equal(("?name=example.org.", "true"), (asked.Query, asked.Headers["X-Auth-All-Projects"].ToString()));
    }

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
