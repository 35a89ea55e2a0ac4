using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class NodeApiTests(TestApi api) : IClassFixture<TestApi>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Heartbeat_lists_the_node_with_its_report()
    {
        var report = Report() with
        {
            LoadAverage = new(0.5, 0.25, 0.125),
            Slots = 3,
            Busy = 2,
            Version = "1.2.3",
            Address = "10.0.0.7",
            Note = "hi",
        };
        await api.Client.PutNodeAsync("w-list", report, Cancelled);
        var node = await NodeAsync("w-list");

        Assert.Equal(NodeState.Ready, node.State);
        Assert.Equal(report with { Tasks = node.Report.Tasks }, node.Report);
    }

    [Fact]
    public async Task Node_that_misses_three_heartbeats_is_stale_and_one_that_left_is_not()
    {
        await api.Client.PutNodeAsync("w-silent", Report() with { Interval = 0.02 }, Cancelled);
        await api.Client.PutNodeAsync("w-gone", Report() with { Interval = 0.02, State = NodeState.Left }, Cancelled);
        await Eventually.TrueAsync("a silent node is stale", async _ => (await NodeAsync("w-silent")).State == NodeState.Stale);

        Assert.Equal(NodeState.Left, (await NodeAsync("w-gone")).State);
        await api.Client.PutNodeAsync("w-silent", Report(), Cancelled);
        Assert.Equal(NodeState.Ready, (await NodeAsync("w-silent")).State);
    }

    [Fact]
    public async Task Drain_is_in_the_heartbeat_response_and_can_be_cancelled()
    {
        Assert.False((await api.Client.PutNodeAsync("w-drain", Report(), Cancelled)).Drain);
        Assert.True(await api.Client.DrainNodeAsync("w-drain", true, Cancelled));
        Assert.True((await api.Client.PutNodeAsync("w-drain", Report(), Cancelled)).Drain);
        Assert.True(await api.Client.DrainNodeAsync("w-drain", false, Cancelled));
        Assert.False((await api.Client.PutNodeAsync("w-drain", Report(), Cancelled)).Drain);
    }

    [Fact]
    public async Task Restarted_node_of_the_same_name_does_not_inherit_the_drain()
    {
        await api.Client.PutNodeAsync("w-new", Report(), Cancelled);
        await api.Client.DrainNodeAsync("w-new", true, Cancelled);

        Assert.False((await api.Client.PutNodeAsync("w-new", Report() with { StartedAt = Start.AddSeconds(1) }, Cancelled)).Drain);
    }

    [Fact]
    public async Task Unknown_node_cannot_be_drained_or_removed()
    {
        Assert.False(await api.Client.DrainNodeAsync("missing", true, Cancelled));
        Assert.False(await api.Client.ForgetNodeAsync("missing", Cancelled));
    }

    [Fact]
    public async Task Removed_node_is_not_listed()
    {
        await api.Client.PutNodeAsync("w-forget", Report(), Cancelled);
        Assert.True(await api.Client.ForgetNodeAsync("w-forget", Cancelled));

        Assert.DoesNotContain(await api.Client.GetNodesAsync(Cancelled), n => n.Name == "w-forget");
    }

    [Fact]
    public async Task Heartbeat_that_names_fractals_marks_them_as_rendering()
    {
        var uuid = await api.CreateAsync();
        await api.Client.PutNodeAsync("w-busy", Report() with { Tasks = [uuid] }, Cancelled);

        Assert.Equal(FractalStatus.Rendering, (await api.Client.FindAsync(uuid, Cancelled))!.Status);
    }

    [Fact]
    public async Task Overrides_of_groups_are_kept()
    {
        await api.Client.PutGroupAsync(new GroupOverrides("worker", Paused: true, Size: 3), Cancelled);
        await api.Client.PutGroupAsync(new GroupOverrides("worker", Paused: false, Size: null), Cancelled);
        await api.Client.PutGroupAsync(new GroupOverrides("api", Paused: true, Size: 2), Cancelled);

        Assert.Equal([new GroupOverrides("api", true, 2) { Version = 1 }, new GroupOverrides("worker", false, null) { Version = 2 }],
            (await api.Client.GetGroupsAsync(Cancelled)).Where(overrides => overrides.Group is "api" or "worker"));
    }

    [Fact]
    public async Task Instances_to_replace_are_kept_until_the_override_is_cancelled()
    {
        await api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null) { Replace = ["id-1", "id-2"] }, Cancelled);
        Assert.Equal(["id-1", "id-2"], (await OverridesAsync()).Replace);
        await api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null), Cancelled);
        Assert.Null((await OverridesAsync()).Replace);
        await api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null) { Replace = [] }, Cancelled);
        Assert.Null((await OverridesAsync()).Replace);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() =>
            api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null) { Replace = ["a b"] }, Cancelled));
        Assert.Contains("replace must be", error.Message, StringComparison.Ordinal);

        async Task<GroupOverrides> OverridesAsync() =>
            (await api.Client.GetGroupsAsync(Cancelled)).Single(overrides => overrides.Group == "rolled");
    }

    [Fact]
    public async Task Invalid_heartbeat_is_rejected()
    {
        var error = await Assert.ThrowsAsync<FaafoApiException>(
            () => api.Client.PutNodeAsync("w", Report() with { Interval = 0 }, Cancelled));

        Assert.Equal(400, error.Status);
        Assert.Contains("interval", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_invalid_field_of_a_heartbeat_is_an_error_of_its_own()
    {
        using var response = await api.Http.PutAsync("v1/nodes/w", new StringContent(
            "{\"role\": \"worker\", \"slots\": -3, \"busy\": -1}", System.Text.Encoding.UTF8, "application/json"), Cancelled);
        var problem = await TestApi.JsonAsync(response);

        Assert.Equal("slots must be 0 or more (got -3); busy must be 0 or more (got -1)", problem.GetProperty("detail").GetString());
        Assert.Equal(["slots", "busy"],
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("{}", "role is missing", "role")]
    [InlineData("{\"role\": \"worker\", \"busy\": \"3\"}", "busy has the wrong type", "busy")]
    [InlineData("{\"role\": \"worker\", \"load_average\": {\"one\": \"high\"}}", "load_average.one has the wrong type", "load_average.one")]
    [InlineData("{\"role\": \"worker\", \"state\": \"asleep\"}", "state has the wrong type", "state")]
    [InlineData("{\"role\": \"worker\", \"load_average\": {\"one\": 1e999, \"five\": 0, \"fifteen\": 0}}", "finite", "load_average")]
    [InlineData("[]", "the body is not a heartbeat", "body")]
    [InlineData("{\"role\"", "the body is not JSON", "body")]
    [InlineData("null", "the body must be a heartbeat (got null)", "body")]
    public async Task Unreadable_heartbeat_is_rejected_by_field_without_naming_a_class(string body, string sentence, string? field)
    {
        using var response = await api.Http.PutAsync(
            "v1/nodes/w", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancelled);
        var problem = await TestApi.JsonAsync(response);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(sentence, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Faafo", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("NodeReport", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(field, problem.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("field").GetString() : null);
    }

    [Fact]
    public async Task Heartbeat_needs_only_a_role()
    {
        using var response = await api.Http.PutAsync("v1/nodes/short",
            new StringContent("{\"role\": \"lb\"}", System.Text.Encoding.UTF8, "application/json"), Cancelled);

        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        var report = (await NodeAsync("short")).Report;
        Assert.Equal(("lb", 5, NodeState.Ready), (report.Role, report.Interval, report.State));
        Assert.Empty(report.Tasks);
    }

    [Fact]
    public async Task Queue_report_counts_waiting_tasks()
    {
        var uuid = await api.CreateAsync();
        var fractal = (await api.Client.FindAsync(uuid, Cancelled))!;
        await Eventually.TrueAsync("the waiting task is counted", async stop =>
            await api.Client.GetQueueAsync(stop) is { Ready: >= 1, Unpublished: 0, Consumers: 0 } report
            && report.WorkWaiting >= fractal.Work() && report.OldestAge >= 0
            && report.Unfinished >= report.Ready && report.ArrivalsPerSecond > 0);
    }

    [Fact]
    public async Task Api_is_in_the_list_of_nodes()
    {
        await Eventually.TrueAsync("the API has sent its own heartbeat",
            async stop => (await api.Client.GetNodesAsync(stop)).Any(n => n is { Name: "api-under-test", Report.Role: "api" }));
    }

    private static NodeReport Report() => new() { Role = "worker", StartedAt = Start, Cpus = 2, Slots = 2 };

    private async Task<Node> NodeAsync(string name) => (await api.Client.GetNodesAsync(Cancelled)).Single(n => n.Name == name);
}
