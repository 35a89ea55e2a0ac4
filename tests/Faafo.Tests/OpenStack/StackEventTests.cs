using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Heat: events and the cancellation of updates, in the format of the API reference.</summary>
public sealed class StackEventTests
{
    private const string Stack = """{"stack":{"id":"i","stack_name":"app","stack_status":"UPDATE_IN_PROGRESS"}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_read_and_filtered()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/heat/v1/p1/stacks/app", Stack);
        cloud.Answer("GET", "/heat/v1/p1/stacks/app/i/events", """
            {"events":[{"event_time":"2030-05-01T10:00:00Z","id":"e",
            "links":[{"href":"http://192.0.2.1:8004/v1/p1/stacks/app/i/resources/port/events/e","rel":"self"}],
            "logical_resource_id":"port","physical_resource_id":"port1","resource_name":"port","resource_status":"CREATE_FAILED",
            "resource_status_reason":"NotFound: Subnet could not be found"}]}
            """);

        var all = await client.Orchestration.ListStackEventsAsync("app", cancellationToken: Ct).SingleAsync(Ct);
        await client.Orchestration.ListStackEventsAsync("app", "my port", "d", 2, Ct).SingleAsync(Ct);

        Body.AssertRead(
            new StackEvent
            {
                Id = "e",
                Time = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
                ResourceName = "port",
                PhysicalId = "port1",
                Status = "CREATE_FAILED",
                StatusReason = "NotFound: Subnet could not be found",
            },
            all);
        Assert.Equal(
            ["?sort_dir=asc", "?resource_name=my%20port&marker=d&nested_depth=2&sort_dir=asc"],
            cloud.Seen("GET", "/events").Select(request => request.Query));
    }

    [Fact]
    public async Task Update_is_cancelled_with_and_without_rollback()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/heat/v1/p1/stacks/app", Stack);
        cloud.Answer("POST", "/heat/v1/p1/stacks/app/i/actions", "", 200);

        await client.Orchestration.CancelStackUpdateAsync("app", cancellationToken: Ct);
        await client.Orchestration.CancelStackUpdateAsync("app", rollback: false, Ct);
        cloud.Inject("POST", "/actions", Fault.Status(400, """
            {"code":400,"title":"Bad Request","explanation":"The server could not comply with the request.","error":{"type":"NotSupported",
            "message":"Cancelling update when stack is UPDATE_COMPLETE is not supported.","traceback":null}}
            """));
        var error = await Assert.ThrowsAsync<OpenStackApiException>(() => client.Orchestration.CancelStackUpdateAsync("app", true, Ct));

        Assert.Equal(
            ["""{"cancel_update":null}""", """{"cancel_without_rollback":null}"""],
            cloud.Seen("POST", "/actions").Select(request => request.Body));
        Assert.Contains("UPDATE_COMPLETE", error.Message, StringComparison.Ordinal);
    }
}
