using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.TestKit.OpenStack;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Requests that need a microversion. Below 2.26 Nova ignores a filter by tag and returns every server.</summary>
public sealed class MicroversionTests
{
    private const string Document = "/compute/v2.1/";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> TooLow => ["hidden", "old cloud", "old setting", "no microversions"];

    /// <summary>The failures of a version document, each five times: the number of attempts.</summary>
    public static TheoryData<string> Passing => ["503", "429", "408", "500", "403", "html", "no document", "lost"];

    [Theory]
    [MemberData(nameof(TooLow))]
    public async Task Query_by_tag_that_Nova_would_ignore_is_rejected_and_not_sent(string reason)
    {
        await using var cloud = await CloudWithServersAsync();
        await using var client = Client(cloud, reason);

        var all = await RefusedAsync(new ServerQuery { Tags = ["mine"] });
        await RefusedAsync(new ServerQuery { TagsAny = ["mine"] });
        await Assert.ThrowsAsync<MicroversionException>(() => client.Compute.AddTagAsync("s1", "mine", Ct));
        await Assert.ThrowsAsync<MicroversionException>(() => client.Compute.RemoveTagAsync("s1", "mine", Ct));
        await Assert.ThrowsAsync<MicroversionException>(() => client.Compute.CreateServerAsync(new("s", "i", "f") { Tags = ["mine"] }, Ct));

        Assert.Equal(("2.26", ServiceType.Compute), (all.Required, all.Service));
        var wayOut = reason is "old cloud" ? "supports 2.20 at most" : "compute_default_microversion";
        Assert.Contains(wayOut, all.Message, StringComparison.Ordinal);
        Assert.Empty(cloud.Seen("GET", "/servers/detail"));
        Assert.Equal(3, (await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct)).Count);

        Task<MicroversionException> RefusedAsync(ServerQuery query) =>
            Assert.ThrowsAsync<MicroversionException>(() => client.Compute.ListServersAsync(query, Ct).ToListAsync(Ct).AsTask());
    }

    [Theory]
    [MemberData(nameof(TooLow))]
    public async Task Scope_whose_tag_Nova_would_ignore_removes_nothing(string reason)
    {
        await using var cloud = await CloudWithServersAsync();
        await using var client = Client(cloud, reason);
        cloud.Network.AddFloatingIP(description: "mine");

        await Assert.ThrowsAsync<MicroversionException>(() => client.Scope("mine").RemoveAsync(Ct));

        Assert.Equal(["db-production", "of-a-colleague", "web"], cloud.Compute.Servers.Select(server => (string?)server["name"]).Order());
        Assert.Single(cloud.Network.FloatingIPs);
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Unreadable_version_document_is_read_again_by_the_next_call(string reason)
    {
        await using var cloud = await CloudWithServersAsync();
        await using var client = cloud.Client();
        await client.Session.GetTokenAsync(Ct);
        cloud.Inject("GET", Document, Disturbance(reason), times: reason is "403" or "html" or "no document" ? 1 : 5);

        var error = await Assert.ThrowsAnyAsync<OpenStackException>(() => client.Scope("mine").RemoveAsync(Ct));
        Assert.True(error is VersionDocumentException or NoAnswerException, error.ToString());
        Assert.Equal(3, cloud.Compute.Servers.Count);
        Assert.Empty(cloud.Seen("GET", "/servers/detail"));

        await client.Scope("mine").RemoveAsync(Ct);
        Assert.Equal(["db-production", "of-a-colleague"], cloud.Compute.Servers.Select(server => (string?)server["name"]).Order());
        Assert.Equal("compute 2.90", cloud.Seen("GET", "/servers/detail")[0].Headers["OpenStack-API-Version"].ToString());
    }

    [Fact]
    public async Task Version_document_that_needs_a_token_is_read_with_it()
    {
        await using var cloud = await CloudWithServersAsync();
        cloud.HidesVersionsFromStrangers = true;
        await using var client = cloud.Client();

        Assert.Equal("web", (await client.Compute.ListServersAsync(new ServerQuery { Tags = ["mine"] }, Ct).SingleAsync(Ct)).Name);
        Assert.Equal("2.90", (await client.DiagnoseAsync(Ct)).Services.Single(service => service.Type == "compute").Microversion);
    }

    [Theory]
    [InlineData("latest"), InlineData("2.26")]
    public async Task Configured_microversion_counts_if_the_document_is_hidden(string setting)
    {
        await using var cloud = await CloudWithServersAsync();
        cloud.Answer("GET", Document, "", 404);
        await using var client = cloud.Client(Setting(cloud, setting));

        Assert.Equal("web", (await client.Compute.ListServersAsync(new ServerQuery { TagsAny = ["mine", "x"] }, Ct).SingleAsync(Ct)).Name);
    }

    [Theory]
    [InlineData("503"), InlineData("html"), InlineData("lost"), InlineData("hidden")]
    public async Task Diagnosis_reports_an_unreadable_version_document(string reason)
    {
        await using var cloud = await CloudWithServersAsync();
        await using var client = cloud.Client();
        cloud.Inject("GET", Document, reason == "hidden" ? Fault.Status(404) : Disturbance(reason), times: 10);

        var report = await client.DiagnoseAsync(Ct);

        Assert.Contains(report.Problems, problem => problem.StartsWith("compute: ", StringComparison.Ordinal));
        Assert.DoesNotContain("No problem found", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnosis_accepts_a_service_without_a_version_document()
    {
        await using var cloud = await CloudWithServersAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/heat/v1/p1/stacks", """{"stacks":[]}""");
        cloud.Answer("GET", "/image/v2/images", """{"images":[]}""");
        cloud.Answer("GET", "/network/v2.0/", """{"resources":[{"name":"subnet","collection":"subnets"}]}""");
        cloud.Answer("GET", "/image/v2/", "", 405);

        Assert.Empty(await ProblemsAsync());
        cloud.Answer("GET", "/image/v2/", "<html>maintenance</html>");
        Assert.StartsWith("image: the version document", Assert.Single(await ProblemsAsync()), StringComparison.Ordinal);

        async Task<IEnumerable<string>> ProblemsAsync() =>
            (await client.DiagnoseAsync(Ct)).Problems.Where(problem => !problem.StartsWith("the local clock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Servers_that_do_not_match_are_left_out_even_if_Nova_returns_them()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/servers/detail", """
            {"servers":[{"id":"1","name":"web","status":"ACTIVE","tags":["a","b"]},{"id":"2","name":"web","status":"ERROR","tags":["a"]},
            {"id":"3","name":"db","status":"ACTIVE"}]}
            """);

        Assert.Equal(["1"], await Ids(new ServerQuery { Tags = ["a", "b"] }));
        Assert.Equal(["1", "2"], await Ids(new ServerQuery { TagsAny = ["a", "x"] }));
        Assert.Equal(["2"], await Ids(new ServerQuery { Status = "error" }));
        Assert.Equal(["3"], await Ids(new ServerQuery { Name = "db" }));

        async Task<List<string>> Ids(ServerQuery query) =>
            await client.Compute.ListServersAsync(query, Ct).Select(server => server.Id).ToListAsync(Ct);
    }

    [Fact]
    public async Task Repeated_creation_removes_only_servers_with_its_nonce()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/servers/detail", """
            {"servers":[{"id":"foreign1","name":"db","status":"ACTIVE","created":"2020-01-01T00:00:00Z","tags":[]},
            {"id":"foreign2","name":"db","status":"ACTIVE"}]}
            """);
        cloud.Inject("POST", "/servers", Fault.Broken);

        await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);

        Assert.DoesNotContain(cloud.Requests, request => request.Method == "DELETE");
    }

    private static async Task<FakeOpenStack> CloudWithServersAsync()
    {
        var cloud = await FakeOpenStack.StartAsync();
        Add("s1", "db-production", new JsonArray());
        Add("s2", "web", new JsonArray("mine"));
        Add("s3", "of-a-colleague", new JsonArray("theirs"));

        return cloud;

        void Add(string id, string name, JsonArray tags) => cloud.Compute.Servers.Add(new()
        {
            ["id"] = id,
            ["name"] = name,
            ["status"] = "ACTIVE",
            ["tags"] = tags,
            ["created"] = "2030-01-01T00:00:00Z",
            ["image"] = "",
        });
    }

    private static OpenStackClient Client(FakeOpenStack cloud, string reason)
    {
        switch (reason)
        {
            case "hidden":
                cloud.Answer("GET", Document, "<html>404</html>", 404);
                break;
            case "no microversions":
                cloud.Answer("GET", Document, """{"version":{"id":"v2.1","status":"CURRENT","version":"","min_version":"","links":[]}}""");
                break;
            case "old cloud":
                cloud.Compute.MaxMicroversion = "2.20";
                break;
            default:
                return cloud.Client(Setting(cloud, "2.10"));
        }
        return cloud.Client();
    }

    private static CloudConfig Setting(FakeOpenStack cloud, string microversion) => cloud.Config with
    {
        Services = new Dictionary<string, ServiceSettings> { ["compute"] = new() { DefaultMicroversion = microversion } },
    };

    private static Func<HttpContext, Func<Task>, Task> Disturbance(string reason) => reason switch
    {
        "lost" => Fault.Broken,
        "html" => Fault.Status(200, "<!doctype html><title>Maintenance</title>"),
        "no document" => Fault.Status(200, """{"versions":[]}"""),
        _ => Fault.Status(int.Parse(reason, System.Globalization.CultureInfo.InvariantCulture), "no healthy upstream"),
    };
}
