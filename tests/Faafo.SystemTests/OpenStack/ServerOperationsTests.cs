using System.Text;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>Changes to servers, checked with the openstack command line.</summary>
public sealed class ServerOperationsTests
{
    [Fact]
    public async Task Server_is_renamed_described_labelled_and_locked()
    {
        await using var cloud = Connect();
        var compute = cloud.Compute;
        var name = Unique("update");
        var server = await BootAsync(cloud, name);
        try
        {
            var updated = await compute.UpdateServerAsync(
                server.Id, new ServerUpdate { Name = name + "-2", Description = "of a test" }, Ct);
            Assert.Equal((name + "-2", "of a test", false), (updated.Name, updated.Description, updated.IsLocked));
            Assert.Contains("faafo-test", updated.Tags);
            Assert.Equal("", (await compute.UpdateServerAsync(server.Id, new ServerUpdate { Description = "" }, Ct)).Description);

            await compute.SetServerMetadataAsync(server.Id, new Dictionary<string, string> { ["role"] = "web", ["a b"] = "c" }, Ct);
            var all = await compute.SetServerMetadataAsync(server.Id, new Dictionary<string, string> { ["role"] = "db" }, Ct);
            Assert.Equal(new Dictionary<string, string> { ["role"] = "db", ["a b"] = "c" }, all);
            Assert.True(await compute.DeleteServerMetadataAsync(server.Id, "a b", Ct));
            Assert.False(await compute.DeleteServerMetadataAsync(server.Id, "a b", Ct));
            Assert.Equal(new Dictionary<string, string> { ["role"] = "db" }, await compute.GetServerMetadataAsync(server.Id, Ct));
            all = await compute.ReplaceServerMetadataAsync(server.Id, new Dictionary<string, string> { ["only"] = "this" }, Ct);
            Assert.Equal("this", Assert.Single(all).Value);

            await compute.LockServerAsync(server.Id, "in use", Ct);
            var shown = await ShowAsync($"server show {server.Id}");
            Assert.Equal((name + "-2", "this"),
                (shown.GetProperty("name").GetString(), shown.GetProperty("properties").GetProperty("only").GetString()));
            var locked = await compute.GetServerAsync(server.Id, Ct);
            Assert.Equal((true, "in use"), (locked.IsLocked, locked.LockedReason));
            await Assert.ThrowsAsync<ConflictException>(() => compute.DeleteServerAsync(server.Id, Ct));
            await compute.UnlockServerAsync(server.Id, Ct);
            await compute.LockServerAsync(server.Id, cancellationToken: Ct);
            await compute.UnlockServerAsync(server.Id, Ct);
            Assert.False((await compute.GetServerAsync(server.Id, Ct)).IsLocked);

            Assert.Empty(await compute.ListVolumeAttachmentsAsync(server.Id, Ct).ToListAsync(Ct));
            var error = await Assert.ThrowsAsync<OpenStackApiException>(
                () => compute.CreateRemoteConsoleAsync(server.Id, cancellationToken: Ct));
            Assert.Contains("console type", error.Detail, StringComparison.Ordinal); // The test cloud has no consoles.
        }
        finally
        {
            await RemoveAsync(cloud, server);
        }
    }

    [Fact]
    public async Task Server_is_resized_confirmed_and_reverted()
    {
        await using var cloud = Connect();
        var compute = cloud.Compute;
        var server = await BootAsync(cloud, Unique("resize"));
        try
        {
            var tiny = await compute.FindFlavorAsync("m1.tiny", Ct);
            await compute.ResizeServerAsync(server.Id, tiny.Id, Ct);
            var resized = await server.WaitUntilResizedAsync(OperationTimeout, Ct);
            Assert.Equal(("VERIFY_RESIZE", "m1.tiny"), (resized.Status, resized.Flavor!.OriginalName));
            await compute.ConfirmResizeAsync(server.Id, Ct);
            resized = await server.WaitUntilResizeEndedAsync(OperationTimeout, Ct);
            Assert.Equal(("ACTIVE", 512), (resized.Status, resized.Flavor!.Ram));
            await Assert.ThrowsAsync<ConflictException>(() => compute.RevertResizeAsync(server.Id, Ct));

            var small = await compute.FindFlavorAsync("m1.small", Ct);
            await compute.ResizeServerAsync(server.Id, small.Id, Ct);
            Assert.Equal("m1.small", (await resized.WaitUntilResizedAsync(OperationTimeout, Ct)).Flavor!.OriginalName);
            await compute.RevertResizeAsync(server.Id, Ct);
            resized = await server.WaitUntilResizeEndedAsync(OperationTimeout, Ct);
            Assert.Equal(("ACTIVE", "m1.tiny"), (resized.Status, resized.Flavor!.OriginalName));

            var log = await compute.ListServerActionsAsync(server.Id, Ct).ToListAsync(Ct);
            Assert.Equal(["revertResize", "resize", "confirmResize", "resize", "create"], log.Select(action => action.Action));
            var created = await compute.GetServerActionAsync(server.Id, log[^1].RequestId, Ct);
            Assert.Equal(server.ProjectId, created.ProjectId);
            Assert.Contains(created.Events, step => step is { Result: "Success", FinishTime: not null });
            Assert.All(log, action => Assert.Null(action.Message));
        }
        finally
        {
            await RemoveAsync(cloud, server);
        }
        Assert.Equal("delete", (await compute.ListServerActionsAsync(server.Id, Ct).FirstAsync(Ct)).Action);
    }

    [Fact]
    public async Task Resize_that_fits_no_host_fails_and_leaves_the_server_as_it_was()
    {
        await using var admin = Connect("devcloud-admin");
        await using var cloud = Connect();
        var name = Unique("huge");
        var body = Encoding.UTF8.GetBytes("{\"flavor\":{\"name\":\"" + name + "\",\"ram\":1048576,\"vcpus\":512,\"disk\":1}}");
        using (await admin.Session.SendAsync(ServiceType.Compute, HttpMethod.Post, "/flavors", body, Ct))
        {
        }
        var huge = await cloud.Compute.FindFlavorAsync(name, Ct);
        var server = await BootAsync(cloud, name);
        try
        {
            await cloud.Compute.ResizeServerAsync(server.Id, huge.Id, Ct);

            var error = await Assert.ThrowsAsync<ResourceFailedException>(() => server.WaitUntilResizedAsync(OperationTimeout, Ct));

            Assert.Equal("ACTIVE", error.Status);
            Assert.Contains("req-", error.Fault, StringComparison.Ordinal);
        }
        finally
        {
            await RemoveAsync(cloud, server);
            using var deleted = await admin.Session.SendAsync(
                ServiceType.Compute, HttpMethod.Delete, "/flavors/" + huge.Id, null, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Server_is_rebuilt()
    {
        await using var cloud = Connect();
        var image = await cloud.Images.FindImageAsync(ImageName, Ct);
        var server = await BootAsync(cloud, Unique("rebuild"));
        try
        {
            var rebuild = new ServerRebuild(image.Id)
            {
                Description = "of a test",
                Metadata = new Dictionary<string, string> { ["role"] = "web" },
                UserData = UserData.Script("#!/bin/sh\necho hello"),
            };
            var rebuilt = await cloud.Compute.RebuildServerAsync(server.Id, rebuild, Ct);
            Assert.False(string.IsNullOrEmpty(rebuilt.AdminPassword));
            rebuilt = await rebuilt.WaitUntilActiveAsync(OperationTimeout, Ct);

            Assert.Equal(("of a test", "web", image.Id, server.FixedAddresses.Single()),
                (rebuilt.Description, rebuilt.Metadata["role"], rebuilt.Image!.Id, rebuilt.FixedAddresses.Single()));
            Assert.Equal("rebuild", (await cloud.Compute.ListServerActionsAsync(server.Id, Ct).FirstAsync(Ct)).Action);
        }
        finally
        {
            await RemoveAsync(cloud, server);
        }
    }

    [Fact]
    public async Task Zones_and_a_server_group_are_read()
    {
        await using var cloud = Connect();
        var name = Unique("group");
        var zones = await cloud.Compute.ListAvailabilityZonesAsync(Ct).ToListAsync(Ct);
        var shown = await ShowAsync("availability zone list --compute");
        Assert.Equal(
            shown.EnumerateArray().Select(zone => zone.GetProperty("Zone Name").GetString()).Order(),
            zones.Select(zone => zone.Name).Order());
        Assert.Contains(zones, zone => zone.IsAvailable);

        var group = await cloud.Compute.CreateServerGroupAsync(name, "anti-affinity", Ct);
        try
        {
            Assert.Equal((name, "anti-affinity"), await ReadAsync(cloud.Compute.GetServerGroupAsync(group.Id, Ct)));
            Assert.Equal((name, "anti-affinity"), await ReadAsync(cloud.Compute.FindServerGroupAsync(name, Ct)));
        }
        finally
        {
            Assert.True(await cloud.Compute.DeleteServerGroupAsync(group.Id, CancellationToken.None));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => cloud.Compute.GetServerGroupAsync(group.Id, Ct));

        static async Task<(string, string?)> ReadAsync(Task<ServerGroup> reading)
        {
            var read = await reading;
            return (read.Name, read.Policy?.Value);
        }
    }
}
