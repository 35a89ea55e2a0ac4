using System.Security.Cryptography;
using Faafo.OpenStack;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.ObjectStorage;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Glance: every property of an image, its changes and its content, in the format of the API reference.</summary>
public sealed class ImageContentTests
{
    private const string Image = """
        {"status":"active","name":"debian","tags":["blue"],"container_format":"bare","created_at":"2030-05-01T10:00:00Z",
        "disk_format":"qcow2","updated_at":"2030-05-01T10:00:01Z","visibility":"private","self":"/v2/images/i","min_disk":2,
        "protected":true,"id":"i","file":"/v2/images/i/file","checksum":"64d7","os_hash_algo":"sha512","os_hash_value":"073b",
        "os_hidden":true,"owner":"p1","size":13167616,"min_ram":512,"schema":"/v2/schemas/image","virtual_size":null,
        "hw_disk_bus":"scsi","os_distro":"debian"}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Image_is_read_with_the_properties_of_its_owner()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images/i", Image);

        var image = await client.Images.GetImageAsync("i", Ct);

        Assert.Equal([("hw_disk_bus", "scsi"), ("os_distro", "debian")],
            image.Properties.Select(item => (item.Key, item.Value)).OrderBy(item => item.Key, StringComparer.Ordinal));
        Assert.Equal(("i", "debian", "active", "private", 13167616L, "64d7"),
            (image.Id, image.Name, image.Status, image.Visibility, image.Size, image.Checksum));
        Assert.Equal(("qcow2", "bare", 2, 512, "p1"),
            (image.DiskFormat, image.ContainerFormat, image.MinDisk, image.MinRam, image.Owner));
        Assert.Equal((true, true, "blue"), (image.IsProtected, image.IsHidden, Assert.Single(image.Tags)));
        var noon = new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero);
        Assert.Equal((noon, noon.AddSeconds(1)), (image.CreatedAt, image.UpdatedAt));
    }

    [Fact]
    public async Task Image_is_changed_by_a_patch()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PATCH", "/image/v2/images/i", Image);

        var image = await client.Images.UpdateImageAsync(
            "i",
            new ImageUpdate
            {
                Name = "debian",
                Visibility = "private",
                MinDisk = 2,
                MinRam = 512,
                IsProtected = true,
                IsHidden = false,
                Tags = ["blue"],
                Properties = new Dictionary<string, string?> { ["hw_disk_bus"] = "scsi", ["a/b~c"] = null },
            },
            Ct);
        await client.Images.UpdateImageAsync("i", new ImageUpdate { Tags = [] }, Ct);

        Assert.Equal("scsi", image.Properties["hw_disk_bus"]);
        var seen = cloud.Seen("PATCH", "/images/i");
        Assert.Equal(
            [
                """
                [{"op":"replace","path":"/name","value":"debian"},{"op":"replace","path":"/visibility","value":"private"},
                {"op":"replace","path":"/min_disk","value":2},{"op":"replace","path":"/min_ram","value":512},
                {"op":"replace","path":"/protected","value":true},{"op":"replace","path":"/os_hidden","value":false},
                {"op":"replace","path":"/tags","value":["blue"]},{"op":"add","path":"/hw_disk_bus","value":"scsi"},
                {"op":"remove","path":"/a~1b~0c"}]
                """.ReplaceLineEndings(""),
                """[{"op":"replace","path":"/tags","value":[]}]""",
            ],
            seen.Select(request => request.Body));
        Assert.All(seen, request =>
            Assert.Equal("application/openstack-images-v2.1-json-patch", request.Headers.ContentType.ToString()));
    }

    [Fact]
    public async Task Content_is_downloaded_and_its_checksum_verified()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var content = RandomNumberGenerator.GetBytes(100_000);
#pragma warning disable CA5351 // Glance's Content-MD5.
        var checksum = Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
        Serve(cloud, content, checksum);
        Serve(cloud, content[1..], checksum);

        await using (var download = await client.Images.DownloadImageAsync("i", Ct))
        {
            using var copy = new MemoryStream();
            await download.Content.CopyToAsync(copy, Ct);
            Assert.Equal((checksum, 100_000L), (download.Checksum, download.ContentLength));
            Assert.Equal(content, copy.ToArray());
        }

        await using var damaged = await client.Images.DownloadImageAsync("i", Ct);
        await Assert.ThrowsAsync<ChecksumMismatchException>(() => damaged.Content.CopyToAsync(Stream.Null, Ct));
    }

    [Fact]
    public async Task Download_of_an_image_without_content_fails()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images/i/file", "", 204);

        var error = await Assert.ThrowsAsync<OpenStackException>(() => client.Images.DownloadImageAsync("i", Ct));

        Assert.Contains("no content", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => client.Images.DownloadImageAsync("none", Ct));
    }

    private static void Serve(FakeOpenStack cloud, byte[] content, string checksum) =>
        cloud.Inject("GET", "/images/i/file", async (context, _) =>
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.Headers["Content-MD5"] = checksum;
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content);
        });
}
