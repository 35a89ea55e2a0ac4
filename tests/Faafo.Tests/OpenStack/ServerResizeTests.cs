using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>The waits of a resize, with the statuses and tasks that Nova shows on the way.</summary>
public sealed class ServerResizeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resize_ends_when_it_can_be_confirmed()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var before = await ReadAsync(cloud, client, "small");
        Show(cloud, "RESIZE", "resize_prep", "small");
        Show(cloud, "RESIZE", "resize_finish", "large");
        Show(cloud, "VERIFY_RESIZE", null, "large");

        var after = await before.WaitUntilResizedAsync(Minute, Ct);

        Assert.Equal(("VERIFY_RESIZE", "large"), (after.Status, after.Flavor!.OriginalName));
    }

    [Fact]
    public async Task Resize_that_the_cloud_confirms_by_itself_has_succeeded()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var before = await ReadAsync(cloud, client, "small");
        Show(cloud, "RESIZE", "resize_migrating", "small");
        Show(cloud, "ACTIVE", null, "large");

        Assert.Equal("ACTIVE", (await before.WaitUntilResizedAsync(Minute, Ct)).Status);
    }

    [Fact]
    public async Task Resize_that_found_no_host_fails_with_the_reason_from_the_action_log()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var before = await ReadAsync(cloud, client, "small");
        Show(cloud, "RESIZE", "resize_prep", "small");
        Show(cloud, "ACTIVE", null, "small"); // Nova's conductor gives up: the server runs on as before, without a fault.
        cloud.Answer("GET", "/compute/v2.1/servers/x/os-instance-actions", """
            {"instanceActions":[{"action":"resize","request_id":"req-2","message":"Error"},{"action":"create","request_id":"req-1"}]}
            """);
        cloud.Answer("GET", "/compute/v2.1/servers/x/os-instance-actions/req-2", """
            {"instanceAction":{"action":"resize","request_id":"req-2","message":"Error","events":[
            {"event":"cold_migrate","result":"Error","details":"No valid host was found."},
            {"event":"conductor_migrate_server","result":"Error"},{"event":"first","result":"Success"}]}}
            """);

        var error = await Assert.ThrowsAsync<ResourceFailedException>(() => before.WaitUntilResizedAsync(Minute, Ct));

        Assert.Equal("ACTIVE", error.Status);
        Assert.Equal(
            "the resize failed: No valid host was found.; conductor_migrate_server failed; request req-2", error.Fault);
    }

    [Theory]
    [InlineData("ERROR"), InlineData("SOFT_DELETED")]
    public async Task Resize_of_a_server_that_fails_or_is_deleted_ends_at_once(string status)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var before = await ReadAsync(cloud, client, "small");
        Show(cloud, status, "resize_finish", "large");
        Show(cloud, status, null, "large");

        var error = await Assert.ThrowsAsync<ResourceFailedException>(() => before.WaitUntilResizedAsync(Minute, Ct));
        Assert.Equal(status, error.Status);
        error = await Assert.ThrowsAsync<ResourceFailedException>(() => before.WaitUntilResizeEndedAsync(Minute, Ct));
        Assert.Equal(status, error.Status);
        error = await Assert.ThrowsAsync<ResourceFailedException>(() => before.WaitUntilResizeEndedAsync(Minute, Ct));
        Assert.Equal("DELETED", error.Status); // The fake has no such server.
    }

    [Theory]
    [InlineData("VERIFY_RESIZE", null, "ACTIVE"), InlineData("VERIFY_RESIZE", null, "SHUTOFF")]
    [InlineData("REVERT_RESIZE", "resize_reverting", "ACTIVE")]
    public async Task Confirmation_or_reversal_ends_when_the_server_runs_or_is_stopped(string first, string? task, string last)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var before = await ReadAsync(cloud, client, "small");
        Show(cloud, first, task, "large");
        Show(cloud, first, task, "large");
        Show(cloud, last, null, "small");

        Assert.Equal(last, (await before.WaitUntilResizeEndedAsync(Minute, Ct)).Status);
    }

    [Fact]
    public async Task Wait_for_a_resize_times_out()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var before = await ReadAsync(cloud, client, "small");
        for (var i = 0; i < 50; i++)
        {
            Show(cloud, "RESIZE", "resize_migrating", "small");
        }

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(() => before.WaitUntilResizedAsync(Minute, Ct));

        Assert.Equal("RESIZE (resize_migrating)", error.LastStatus);
    }

    private static async Task<Server> ReadAsync(FakeOpenStack cloud, OpenStackClient client, string flavor)
    {
        Show(cloud, "ACTIVE", null, flavor);
        return await client.Compute.GetServerAsync("x", Ct);
    }

    private static void Show(FakeOpenStack cloud, string status, string? task, string flavor)
    {
        var taskState = task is null ? "null" : $"\"{task}\"";
        cloud.Inject("GET", "/servers/x", Fault.Status(200, $$$"""
            {"server":{"id":"x","name":"app","status":"{{{status}}}","OS-EXT-STS:task_state":{{{taskState}}},
            "flavor":{"original_name":"{{{flavor}}}","vcpus":1,"ram":64,"disk":1}
            }}
            """));
    }
}
