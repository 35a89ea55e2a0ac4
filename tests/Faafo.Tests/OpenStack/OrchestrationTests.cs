using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Heat: requests, and stacks and resources read from the formats of the API reference.</summary>
public sealed class OrchestrationTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stack_is_read_listed_and_updated()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Stack = """
            {"id":"i","stack_name":"app","stack_status":"CREATE_COMPLETE","stack_status_reason":"Stack CREATE completed",
            "creation_time":"2030-05-01T10:00:00Z","updated_time":null,
            "description":"of a test","disable_rollback":true,"parameters":{"OS::stack_id":"i"},"links":[],"tags":null,"stack_owner":null,
            "timeout_mins":null,"capabilities":[],
            "outputs":[{"output_key":"size","output_value":{"a":[1,2]},"description":""},{"output_key":"bad","output_value":null,
            "output_error":"no such attribute"}]}
            """;
        cloud.Answer("GET", "/heat/v1/p1/stacks/app", $$"""{"stack":{{Stack}}}""");
        cloud.Answer("GET", "/heat/v1/p1/stacks", """
            {"stacks":[{"id":"i","stack_name":"app","stack_status":"CREATE_COMPLETE","creation_time":"2030-05-01T10:00:00Z",
            "tags":["mine"]}]}
            """);
        cloud.Answer("PUT", "/heat/v1/p1/stacks/app/i", "", 202);
        cloud.Answer("POST", "/heat/v1/p1/stacks/app/i/resources/scale%20up/signal", "", 200);
        cloud.Answer("PATCH", "/heat/v1/p1/stacks/app/i/resources/one", "", 200);

        var stack = await client.Orchestration.GetStackAsync("app", Ct);
        var listed = await client.Orchestration.ListStacksAsync(Ct).SingleAsync(Ct);
        await client.Orchestration.UpdateStackAsync("app", new NewStack(
            "app", "t")
        { Rollback = true, Environment = "e", Files = new Dictionary<string, string> { ["f"] = "x" } }, Ct);
        await client.Orchestration.SignalAsync("app", "scale up", Ct);
        await client.Orchestration.MarkUnhealthyAsync("app", "one", "it died", Ct);

        Assert.Equal(("i", "app", "CREATE_COMPLETE", "Stack CREATE completed"), (stack.Id, stack.Name, stack.Status, stack.StatusReason));
        Assert.Equal(new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero), stack.CreationTime);
        Assert.Equal((0, "mine"), (stack.Tags.Count, Assert.Single(listed.Tags)));
        Assert.Equal([("size", null), ("bad", "no such attribute")], stack.Outputs.Select(output => (output.Key, output.Error)));
        Assert.Equal(
            (JsonValueKind.Object, """{"a":[1,2]}""", null), (stack.Outputs[0].Value.ValueKind, stack.Output("size"), stack.Output("bad")));
        Assert.Equal(("i", "app", "CREATE_COMPLETE", stack.CreationTime, 0), (
            listed.Id, listed.Name, listed.Status, listed.CreationTime, listed.Outputs.Count));
        Assert.Equal(
            """{"stack_name":"app","template":"t","disable_rollback":false,"parameters":{},"files":{"f":"x"},"environment":"e"}""",
                cloud.Seen("PUT", "/stacks/app/i")[0].Body);
        Assert.Equal("{}", Assert.Single(cloud.Seen("POST", "/resources/scale%20up/signal")).Body);
        Assert.Equal(
            """{"mark_unhealthy":true,"resource_status_reason":"it died"}""", Assert.Single(cloud.Seen("PATCH", "/resources/one")).Body);
    }

    [Fact]
    public async Task Resource_of_a_stack_is_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/heat/v1/p1/stacks/app", """{"stack":{"id":"i","stack_name":"app","stack_status":"CREATE_COMPLETE"}}""");
        cloud.Answer("GET", "/heat/v1/p1/stacks/app/i/resources", """
            {"resources":[{"resource_name":"web","logical_resource_id":"web","physical_resource_id":"server1",
            "resource_type":"OS::Nova::Server","resource_status":"CREATE_COMPLETE",
            "resource_status_reason":"state changed","updated_time":"2030-05-01T10:00:00Z","creation_time":"2030-05-01T10:00:00Z",
            "required_by":[],"links":[]}]}
            """);

        Body.AssertRead(
            new StackResource
            {
                Name = "web",
                Type = "OS::Nova::Server",
                PhysicalId = "server1",
                Status = "CREATE_COMPLETE",
                StatusReason = "state changed",
                CreationTime = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero)
            },
            await client.Orchestration.ListStackResourcesAsync("app", Ct).SingleAsync(Ct));
    }

    [Fact]
    public async Task Stack_is_read_through_redirects_and_fails_with_its_reason()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Stack = """
            {"stack":{"id":"i","stack_name":"app","stack_status":"CREATE_FAILED","stack_status_reason":"Resource CREATE failed: no host",
            "creation_time":"2030-05-01T10:00:00Z","outputs":[{"output_key":"size","output_value":2,"description":""},{"output_key":"url",
            "output_value":"http://x"}]}}
            """;
        cloud.Answer("GET", "/heat/v1/p1/stacks/app/i", Stack);
        cloud.Answer("DELETE", "/heat/v1/p1/stacks/app/i", "", 204);
        cloud.Inject("GET", "/stacks/app", Fault.Redirect(302, cloud.Url + "/heat/v1/p1/stacks/app/i"), 2);
        cloud.Inject("DELETE", "/stacks/app", Fault.Redirect(302, cloud.Url + "/heat/v1/p1/stacks/app/i"));

        var stack = await client.Orchestration.GetStackAsync("app", Ct);
        var error = await Assert.ThrowsAsync<ResourceFailedException>(() => client.Orchestration.WaitUntilCompleteAsync("app", Minute, Ct));
        Assert.True(await client.Orchestration.DeleteStackAsync("app", Ct));

        Assert.Equal(("2", "http://x", null), (stack.Output("size"), stack.Output("url"), stack.Output("none")));
        Assert.Contains("no host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_webhook_gets_no_token_and_is_called_once()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/open/signal", "{}");
        cloud.Answer("POST", "/heat/v1/p1/stacks/app/i/resources/up/signal", "{}");

        await client.Orchestration.SignalAsync(new Uri(cloud.Url + "/open/signal?Signature=abc"), Ct);
        await client.Orchestration.SignalAsync(new Uri(cloud.Url + "/heat/v1/p1/stacks/app/i/resources/up/signal"), Ct);

        Assert.Null(Assert.Single(cloud.Seen("POST", "/open/signal")).Token);
        Assert.NotNull(Assert.Single(cloud.Seen("POST", "/up/signal")).Token);
        cloud.Inject("POST", "/open/signal", Fault.Status(500));
        await Assert.ThrowsAsync<OpenStackApiException>(
            () => client.Orchestration.SignalAsync(new Uri(cloud.Url + "/open/signal?Signature=abc"), Ct));
        Assert.Single(cloud.Seen("POST", "/open/signal"));
    }

    [Fact]
    public async Task Deletion_of_a_stack_ends_once_its_name_is_free()
    {
        const string deleted = """{"stack":{"id":"i","stack_name":"app","stack_status":"DELETE_COMPLETE"}}""";
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/heat/v1/p1/stacks/i", deleted);
        var looks = 0;
        cloud.Inject("GET", "/stacks/app", (context, work) =>
        {
            looks++;
            return Fault.Status(200, deleted)(context, work);
        }, times: 2);

        await client.Orchestration.WaitUntilDeletedAsync("i", TimeSpan.FromMinutes(1), Ct);

        Assert.Equal(2, looks);
        Assert.Single(cloud.Seen("GET", "/stacks/app"));
    }

    [Fact]
    public void Stack_is_created_in_the_documented_format() => Assert.Equal(
        """
        {"stack_name":"app","template":"t","disable_rollback":true,"parameters":{"key":"k"},"files":{},"tags":"mine,yours","timeout_mins":5}
        """,
        System.Text.Encoding.UTF8.GetString(new NewStack("app", "t")
        {
            Parameters = new Dictionary<string, string> { ["key"] = "k" },
            Tags = ["mine", "yours"],
            Timeout = TimeSpan.FromMinutes(5),
        }.ToJson()));
}
