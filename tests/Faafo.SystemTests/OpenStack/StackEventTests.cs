using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>A real Heat: events, and an update that is cancelled.</summary>
public sealed class StackEventTests
{
    private const string Template = "heat_template_version: 2018-08-31\nresources:\n  text: {type: 'OS::Heat::RandomString'}\n";

    private const string Slow = Template + "  pause: {type: 'OS::Heat::Delay', properties: {min_wait: 30}}\n";

    [Fact]
    public async Task Events_are_listed_and_an_update_is_cancelled()
    {
        await using var cloud = Connect();
        var heat = cloud.Orchestration;
        var name = Unique("events");
        var stack = await heat.CreateStackAsync(new NewStack(name, Template), Ct);
        try
        {
            await heat.WaitUntilCompleteAsync(name, OperationTimeout, Ct);
            var events = await heat.ListStackEventsAsync(name, cancellationToken: Ct).ToListAsync(Ct);
            Assert.Equal(
                [(name, "CREATE_IN_PROGRESS"), ("text", "CREATE_IN_PROGRESS"), ("text", "CREATE_COMPLETE"), (name, "CREATE_COMPLETE")],
                events.Select(one => (one.ResourceName, one.Status)));
            Assert.All(events, one => Assert.True(one.Time > stack.CreationTime - TimeSpan.FromSeconds(2), $"{one}"));
            Assert.NotNull(events[2].PhysicalId);
            Assert.Equal(["CREATE_IN_PROGRESS", "CREATE_COMPLETE"],
                await heat.ListStackEventsAsync(name, "text", cancellationToken: Ct).Select(one => one.Status).ToListAsync(Ct));
            Assert.Equal([events[3].Id],
                await heat.ListStackEventsAsync(name, after: events[2].Id, cancellationToken: Ct).Select(one => one.Id).ToListAsync(Ct));
            Assert.Empty(await heat.ListStackEventsAsync(name, "none", cancellationToken: Ct).ToListAsync(Ct));
            await Assert.ThrowsAsync<OpenStackApiException>(() => heat.CancelStackUpdateAsync(name, cancellationToken: Ct));

            await heat.UpdateStackAsync(name, new NewStack(name, Slow), Ct);
            Assert.Equal("UPDATE_IN_PROGRESS", (await heat.GetStackAsync(name, Ct)).Status);
            await heat.CancelStackUpdateAsync(name, cancellationToken: Ct);
            var cancelled = await cloud.Orchestration.WaitUntilCompleteAsync(name, OperationTimeout, Ct);

            Assert.Equal("ROLLBACK_COMPLETE", cancelled.Status);
            Assert.Equal("text", (await heat.ListStackResourcesAsync(name, Ct).SingleAsync(Ct)).Name);
        }
        finally
        {
            Assert.True(await heat.DeleteStackAsync(name, CancellationToken.None));
            await heat.WaitUntilDeletedAsync(stack.Id, OperationTimeout, CancellationToken.None);
        }
    }
}
