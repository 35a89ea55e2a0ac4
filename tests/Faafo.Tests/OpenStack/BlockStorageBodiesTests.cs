using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Cinder, which the test cloud lacks: every property of a body, and every request, in the format of the API reference.</summary>
public sealed class BlockStorageBodiesTests
{
    private const string Volume = """
        {"id":"v","name":"data","description":null,"status":"in-use","size":3,"bootable":"true","created_at":"2030-05-01T10:00:00.000000",
        "updated_at":null,"volume_type":"lvmdriver-1",
        "attachments":[{"id":"v","attachment_id":"a","volume_id":"v","server_id":"s","host_name":null,"device":"/dev/vdb",
        "attached_at":"2030-05-01T10:01:00.000000"}],
        "metadata":{"purpose":"test"},"availability_zone":"nova","encrypted":false,"multiattach":false,"snapshot_id":null,
        "source_volid":null,"user_id":"u1",
        "os-vol-tenant-attr:tenant_id":"p1"}
        """;

    private static readonly Volume ExpectedVolume = new()
    {
        Id = "v",
        Name = "data",
        Status = "in-use",
        Size = 3,
        VolumeType = "lvmdriver-1",
        AvailabilityZone = "nova",
        Bootable = "true",
        CreatedAt = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
        ProjectId = "p1",
        Attachments = [new VolumeServer { ServerId = "s", Device = "/dev/vdb" }],
        Metadata = new Dictionary<string, string> { ["purpose"] = "test" },
    };

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Volume_is_read_found_and_listed()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/volume/v3/p1/volumes/v", $$"""{"volume":{{Volume}}}""");
        cloud.Answer("GET", "/volume/v3/p1/volumes/detail", $$"""{"volumes":[{{Volume}}]}""");

        var volume = await client.BlockStorage.GetVolumeAsync("v", Ct);

        Body.AssertRead(ExpectedVolume, volume);
        Body.AssertRead(ExpectedVolume.Attachments[0], volume.Attachments[0]);
        Body.AssertRead(ExpectedVolume, await client.BlockStorage.FindVolumeAsync("data", Ct));
        Body.AssertRead(ExpectedVolume, await client.BlockStorage.ListVolumesAsync("data", Ct).SingleAsync(Ct));
        Assert.All(cloud.Seen("GET", "/volumes/detail"), request => Assert.Equal("?name=data", request.Query));
    }

    [Fact]
    public async Task Volume_with_all_options_is_created_and_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/volume/v3/p1/volumes", $$"""{"volume":{{Volume}}}""", 202);
        cloud.Answer("DELETE", "/volume/v3/p1/volumes/v", "", 202);
        var wish = new NewVolume(3)
        {
            Name = "data",
            VolumeType = "fast",
            ImageId = "img",
            SnapshotId = "snap",
            AvailabilityZone = "nova",
            Metadata = new Dictionary<string, string> { ["purpose"] = "test" },
        };
        Body.AssertRead(ExpectedVolume, await client.BlockStorage.CreateVolumeAsync(wish, Ct));
        Assert.True(await client.BlockStorage.DeleteVolumeAsync("v", Ct));
        Assert.False(await client.BlockStorage.DeleteVolumeAsync("w", Ct));

        Assert.Equal(
            """{"volume":{"size":3,"name":"data","volume_type":"fast","imageRef":"img","snapshot_id":"snap","availability_zone":"nova","""
            + "\"metadata\":{\"purpose\":\"test\"}}}",
            cloud.Seen("POST", "/volumes")[0].Body);
    }

    [Fact]
    public async Task Snapshot_is_created_read_listed_and_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Snapshot = """
            {"id":"x","name":"nightly","description":null,"status":"available","volume_id":"v","size":3,
            "created_at":"2030-05-01T10:00:00.000000","updated_at":null,"metadata":{"mine":"yes"},
            "os-extended-snapshot-attributes:progress":"100%","os-extended-snapshot-attributes:project_id":"p1","user_id":"u1"}
            """;
        cloud.Answer("POST", "/volume/v3/p1/snapshots", $$"""{"snapshot":{{Snapshot}}}""", 202);
        cloud.Answer("GET", "/volume/v3/p1/snapshots/detail", $$"""{"snapshots":[{{Snapshot}}]}""");
        cloud.Answer("GET", "/volume/v3/p1/snapshots/x", $$"""{"snapshot":{{Snapshot}}}""");
        cloud.Answer("DELETE", "/volume/v3/p1/snapshots/x", "", 202);
        var expected = new Snapshot
        {
            Id = "x",
            Name = "nightly",
            Status = "available",
            VolumeId = "v",
            Size = 3,
            ProjectId = "p1",
            CreatedAt = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
            Metadata = new Dictionary<string, string> { ["mine"] = "yes" },
        };

        Body.AssertRead(expected, await client.BlockStorage.CreateSnapshotAsync("v", "nightly", cancellationToken: Ct));
        Body.AssertRead(
            expected, await client.BlockStorage.CreateSnapshotAsync("v", "nightly", expected.Metadata, cancellationToken: Ct));
        Body.AssertRead(expected, await client.BlockStorage.ListSnapshotsAsync("v", Ct).SingleAsync(Ct));
        Body.AssertRead(expected, await client.BlockStorage.GetSnapshotAsync("x", Ct));
        Assert.True(await client.BlockStorage.DeleteSnapshotAsync("x", Ct));
        Assert.False(await client.BlockStorage.DeleteSnapshotAsync("y", Ct));

        Assert.Equal("""{"snapshot":{"volume_id":"v","name":"nightly","force":false}}""", cloud.Seen("POST", "/snapshots")[0].Body);
        Assert.Equal("""{"snapshot":{"volume_id":"v","name":"nightly","force":false,"metadata":{"mine":"yes"}}}""",
            cloud.Seen("POST", "/snapshots")[1].Body);
        Assert.Equal("?volume_id=v", cloud.Seen("GET", "/snapshots/detail")[0].Query);
    }

    [Fact]
    public async Task Waits_for_snapshots_end_on_final_statuses()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        Statuses("creating", "creating", "available");
        Assert.Equal("available", (await client.BlockStorage.WaitUntilSnapshotAvailableAsync("x", Minute, Ct)).Status);
        Statuses("creating", "error");
        Assert.Equal("error", (await Assert.ThrowsAsync<ResourceFailedException>(
            () => client.BlockStorage.WaitUntilSnapshotAvailableAsync("x", Minute, Ct))).Status);

        Statuses("deleting", "deleting");
        await client.BlockStorage.WaitUntilSnapshotDeletedAsync("x", Minute, Ct); // The fake has no such snapshot after that.
        Statuses("deleting", "error_deleting");
        Assert.Equal("error_deleting", (await Assert.ThrowsAsync<ResourceFailedException>(
            () => client.BlockStorage.WaitUntilSnapshotDeletedAsync("x", Minute, Ct))).Status);

        void Statuses(params string[] all)
        {
            foreach (var status in all)
            {
                cloud.Inject("GET", "/snapshots/x", Fault.Status(200, $$$"""
                    {"snapshot":{"id":"x","status":"{{{status}}}","volume_id":"v"}}
                    """));
            }
        }
    }
}
