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
    public async Task A_heartbeat_puts_a_node_on_the_list_with_all_it_said()
    {
        var report = Report() with { LoadAverage = new(0.5, 0.25, 0.125), Slots = 3, Busy = 2, Version = "1.2.3", Address = "10.0.0.7", Note = "hi" };
        await api.Client.PutNodeAsync("w-list", report, Cancelled);
        var node = await NodeAsync("w-list");

        Assert.Equal(NodeState.Ready, node.State);
        Assert.Equal(report with { Tasks = node.Report.Tasks }, node.Report);
    }

    [Fact]
    public async Task A_node_that_misses_three_beats_is_stale_and_one_that_left_is_not()
    {
        await api.Client.PutNodeAsync("w-silent", Report() with { Interval = 0.02 }, Cancelled);
        await api.Client.PutNodeAsync("w-gone", Report() with { Interval = 0.02, State = NodeState.Left }, Cancelled);
        await Eventually.TrueAsync("a silent node is stale", async _ => (await NodeAsync("w-silent")).State == NodeState.Stale);

        Assert.Equal(NodeState.Left, (await NodeAsync("w-gone")).State);
        await api.Client.PutNodeAsync("w-silent", Report(), Cancelled);
        Assert.Equal(NodeState.Ready, (await NodeAsync("w-silent")).State);
    }

    [Fact]
    public async Task A_drain_is_answered_to_the_heartbeat_and_can_be_taken_back()
    {
        Assert.False((await api.Client.PutNodeAsync("w-drain", Report(), Cancelled)).Drain);
        Assert.True(await api.Client.DrainNodeAsync("w-drain", true, Cancelled));
        Assert.True((await api.Client.PutNodeAsync("w-drain", Report(), Cancelled)).Drain);
        Assert.True(await api.Client.DrainNodeAsync("w-drain", false, Cancelled));
        Assert.False((await api.Client.PutNodeAsync("w-drain", Report(), Cancelled)).Drain);
    }

    [Fact]
    public async Task A_node_started_anew_under_the_old_name_does_not_inherit_the_drain()
    {
        await api.Client.PutNodeAsync("w-new", Report(), Cancelled);
        await api.Client.DrainNodeAsync("w-new", true, Cancelled);

        Assert.False((await api.Client.PutNodeAsync("w-new", Report() with { StartedAt = Start.AddSeconds(1) }, Cancelled)).Drain);
    }

    [Fact]
    public async Task An_unknown_node_cannot_be_drained_or_forgotten()
    {
        Assert.False(await api.Client.DrainNodeAsync("nobody", true, Cancelled));
        Assert.False(await api.Client.ForgetNodeAsync("nobody", Cancelled));
    }

    [Fact]
    public async Task A_forgotten_node_is_off_the_list()
    {
        await api.Client.PutNodeAsync("w-forget", Report(), Cancelled);
        Assert.True(await api.Client.ForgetNodeAsync("w-forget", Cancelled));

        Assert.DoesNotContain(await api.Client.GetNodesAsync(Cancelled), n => n.Name == "w-forget");
    }

    [Fact]
    public async Task A_heartbeat_that_names_fractals_makes_them_rendering()
    {
        var uuid = await api.CreateAsync();
        await api.Client.PutNodeAsync("w-busy", Report() with { Tasks = [uuid] }, Cancelled);

        Assert.Equal(FractalStatus.Rendering, (await api.Client.FindAsync(uuid, Cancelled))!.Status);
    }

    [Fact]
    public async Task Orders_to_a_group_are_kept()
    {
        await api.Client.PutGroupAsync(new GroupOverrides("worker", Paused: true, Size: 3), Cancelled);
        await api.Client.PutGroupAsync(new GroupOverrides("worker", Paused: false, Size: null), Cancelled);
        await api.Client.PutGroupAsync(new GroupOverrides("api", Paused: true, Size: 2), Cancelled);

        Assert.Equal([new GroupOverrides("api", true, 2), new GroupOverrides("worker", false, null)], (await api.Client.GetGroupsAsync(Cancelled)).Where(order => order.Group is "api" or "worker"));
    }

    [Fact]
    public async Task An_order_to_replace_instances_is_kept_until_it_is_taken_back()
    {
        await api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null) { Replace = ["id-1", "id-2"] }, Cancelled);
        Assert.Equal(["id-1", "id-2"], (await OrdersAsync()).Replace!);
        await api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null), Cancelled);
        Assert.Null((await OrdersAsync()).Replace);
        await api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null) { Replace = [] }, Cancelled);
        Assert.Null((await OrdersAsync()).Replace);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() =>
            api.Client.PutGroupAsync(new GroupOverrides("rolled", Paused: false, Size: null) { Replace = ["a b"] }, Cancelled));
        Assert.Contains("replace must be", error.Message, StringComparison.Ordinal);

        async Task<GroupOverrides> OrdersAsync() => (await api.Client.GetGroupsAsync(Cancelled)).Single(order => order.Group == "rolled");
    }

    [Fact]
    public async Task A_heartbeat_that_makes_no_sense_is_refused()
    {
        var error = await Assert.ThrowsAsync<FaafoApiException>(() => api.Client.PutNodeAsync("w", Report() with { Interval = 0 }, Cancelled));

        Assert.Equal(400, error.Status);
        Assert.Contains("interval", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "role is missing", "role")]
    [InlineData("{\"role\": \"worker\", \"busy\": \"3\"}", "busy has a value that", "busy")]
    [InlineData("{\"role\": \"worker\", \"load_average\": {\"one\": \"high\"}}", "load_average.one has a value that", "load_average.one")]
    [InlineData("{\"role\": \"worker\", \"state\": \"asleep\"}", "state has a value that", "state")]
    [InlineData("{\"role\": \"worker\", \"load_average\": {\"one\": 1e999, \"five\": 0, \"fifteen\": 0}}", "finite numbers", "load_average")]
    [InlineData("[]", "the body is not a heartbeat", "body")]
    [InlineData("{\"role\"", "the body is not JSON", "body")]
    [InlineData("null", "the body must be a heartbeat, not null", "body")]
    public async Task A_heartbeat_that_cannot_be_read_is_refused_by_field_without_naming_a_class(string body, string sentence, string? field)
    {
        using var response = await api.Http.PutAsync("v1/nodes/w", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Cancelled);
        var problem = await TestApi.JsonAsync(response);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(sentence, problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain("Faafo", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("NodeReport", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(field, problem.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("field").GetString() : null);
    }

    [Fact]
    public async Task A_heartbeat_needs_no_more_than_a_role()
    {
        using var response = await api.Http.PutAsync("v1/nodes/short",
            new StringContent("{\"role\": \"lb\"}", System.Text.Encoding.UTF8, "application/json"), Cancelled);

        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        var report = (await NodeAsync("short")).Report;
        Assert.Equal(("lb", 5, NodeState.Ready), (report.Role, report.Interval, report.State));
        Assert.Empty(report.Tasks);
    }

    [Fact]
    public async Task The_queue_report_counts_what_waits()
    {
        var uuid = await api.CreateAsync();
        var fractal = (await api.Client.FindAsync(uuid, Cancelled))!;
        await Eventually.TrueAsync("the waiting task is counted", async stop => (await api.Client.GetQueueAsync(stop)) is { Ready: >= 1, Unpublished: 0, Consumers: 0 } report
            && report.WorkWaiting >= (long)fractal.Width * fractal.Height * fractal.Iterations && report.OldestAge >= 0
            && report.Unfinished >= report.Ready && report.ArrivalsPerSecond > 0);
    }

    [Fact]
    public async Task The_api_stands_among_the_nodes_itself()
    {
        await Eventually.TrueAsync("the API has sent its own heartbeat",
            async stop => (await api.Client.GetNodesAsync(stop)).Any(n => n is { Name: "api-under-test", Report.Role: "api" }));
    }

    private static NodeReport Report() => new() { Role = "worker", StartedAt = Start, Cpus = 2, Slots = 2 };

    private async Task<Node> NodeAsync(string name) => (await api.Client.GetNodesAsync(Cancelled)).Single(n => n.Name == name);
}
