using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Cinder: volumes and snapshots over time, in the format of the API reference.</summary>
public sealed class BlockStorageTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Volume_is_attached_and_snapshotted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Volume = """
            {"volume":{"id":"v","name":"data","status":"STATUS","size":1,"bootable":"false","created_at":"2030-05-01T10:00:00.000000",
            "attachments":[{"id":"v","attachment_id":"a","volume_id":"v","server_id":"s","host_name":null,"device":"/dev/vdb"}],
            "metadata":{},"volume_type":"lvmdriver-1","encrypted":false}}
            """;
        cloud.Answer("POST", "/volume/v3/p1/volumes", Volume.Replace("STATUS", "creating", StringComparison.Ordinal), 202);
        cloud.Answer("GET", "/volume/v3/p1/volumes/v", Volume.Replace("STATUS", "in-use", StringComparison.Ordinal));
        cloud.Answer("POST", "/volume/v3/p1/snapshots", """
            {"snapshot":{"id":"x","name":"nightly","status":"creating","volume_id":"v","size":1,"created_at":"2030-05-01T10:00:00.000000"}}
            """, 202);
        cloud.Answer("POST", "/compute/v2.1/servers/s/os-volume_attachments", """
            {"volumeAttachment":{"device":"/dev/vdb","id":"v","serverId":"s","volumeId":"v","tag":null,"delete_on_termination":false}}
            """);
        cloud.Inject("GET", "/volumes/v", (context, _) =>
            Fault.Status(200, Volume.Replace("STATUS", "attaching", StringComparison.Ordinal))(context, () => Task.CompletedTask), 2);

        var created = await client.BlockStorage.CreateVolumeAsync(new NewVolume(1) { Name = "data", ImageId = "img" }, Ct);
        var attachment = await client.Compute.AttachVolumeAsync("s", created.Id, Ct);
        var volume = await client.BlockStorage.WaitUntilStatusAsync(created.Id, "in-use", Minute, Ct);
        var snapshot = await client.BlockStorage.CreateSnapshotAsync(volume.Id, "nightly", true, Ct);

        Assert.Equal(("/dev/vdb", "s", "v"), (attachment.Device, volume.Attachments[0].ServerId, snapshot.VolumeId));
        Assert.Equal("""{"volume":{"size":1,"name":"data","imageRef":"img"}}""", cloud.Seen("POST", "/volumes")[0].Body);
        Assert.Equal("""{"snapshot":{"volume_id":"v","name":"nightly","force":true}}""", cloud.Seen("POST", "/snapshots")[0].Body);
        Assert.Equal("""{"volumeAttachment":{"volumeId":"v"}}""", cloud.Seen("POST", "/os-volume_attachments")[0].Body);
        cloud.Answer("GET", "/volume/v3/p1/volumes/v", Volume.Replace("STATUS", "error_extending", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ResourceFailedException>(() => client.BlockStorage.WaitUntilStatusAsync("v", "available", Minute, Ct));
    }
}
