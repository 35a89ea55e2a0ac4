using System.Text.Json.Nodes;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

/// <summary>Servers that take long to disappear.</summary>
public sealed class SlowDeletionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ACTIVE", "deleting")]
    [InlineData("SOFT_DELETED", null)]
    public async Task Server_that_stays_after_its_deletion_does_not_hold_up_the_loop(string status, string? task)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var names = new ResourceNames("faafo", "p1", "One");
        var server = new JsonObject
        {
            ["id"] = "s1",
            ["name"] = "app-worker-1",
            ["status"] = "ACTIVE",
            ["tags"] = new JsonArray("faafo", names.Tag, FlockServers.GroupTag(FlockSpec.Worker)),
            ["tenant_id"] = "p1",
            ["created"] = "2030-01-01T00:00:00Z",
        };
        cloud.Compute.Servers.Add(server);
        var instances = new OpenStackInstances(client, new FlockSpec(), names);
        var worker = (await instances.ListAsync(Ct)).Single();
        cloud.Inject("DELETE", "/servers/s1", (context, _) =>
        {
            server["status"] = status;
            server["OS-EXT-STS:task_state"] = task;
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        var before = cloud.Time.GetUtcNow();

        await instances.DeleteAsync(worker, Ct);

        Assert.True(cloud.Time.GetUtcNow() - before < TimeSpan.FromSeconds(20), "the deletion was waited for");
        Assert.Empty(await instances.ListAsync(Ct));
    }
}
