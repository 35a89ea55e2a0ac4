using System.Security.Cryptography;
using Faafo.OpenStack;
using Faafo.OpenStack.Images;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>A real Glance: an image is downloaded and its properties are changed.</summary>
public sealed class ImageContentTests
{
    [Fact]
    public async Task Image_is_changed_and_downloaded_as_uploaded()
    {
        await using var cloud = Connect();
        var name = Unique("image");
        var content = RandomNumberGenerator.GetBytes(300_000);
        var image = await cloud.Images.CreateImageAsync(new NewImage(name) { DiskFormat = "raw" }, Ct);
        try
        {
            await Assert.ThrowsAsync<OpenStackException>(() => cloud.Images.DownloadImageAsync(image.Id, Ct));
            await cloud.Images.UploadImageAsync(image.Id, new MemoryStream(content), Ct);

            await using (var download = await cloud.Images.DownloadImageAsync(image.Id, Ct))
            {
                using var copy = new MemoryStream();
                await download.Content.CopyToAsync(copy, Ct);
                Assert.Equal(content, copy.ToArray());
                Assert.NotNull(download.Checksum);
            }

            image = await cloud.Images.UpdateImageAsync(
                image.Id,
                new ImageUpdate
                {
                    MinDisk = 3,
                    MinRam = 64,
                    IsProtected = true,
                    Tags = ["blue"],
                    Properties = new Dictionary<string, string?> { ["hw_disk_bus"] = "scsi", ["build"] = "7" },
                },
                Ct);
            Assert.Equal((3, 64, true, "blue", "scsi", "7"),
                (image.MinDisk, image.MinRam, image.IsProtected, Assert.Single(image.Tags), image.Properties["hw_disk_bus"],
                    image.Properties["build"]));
            var shown = await ShowAsync($"image show {name}");
            Assert.Equal(("3", "scsi"),
                (shown.GetProperty("min_disk").ToString(), shown.GetProperty("properties").GetProperty("hw_disk_bus").GetString()));
            await Assert.ThrowsAsync<OpenStackApiException>(() => cloud.Images.DeleteImageAsync(image.Id, Ct));

            await cloud.Images.UpdateImageAsync(
                image.Id,
                new ImageUpdate
                {
                    IsProtected = false,
                    Properties = new Dictionary<string, string?> { ["build"] = null, ["hw_disk_bus"] = "virtio" },
                },
                Ct);
            image = await cloud.Images.FindImageAsync(name, Ct);
            Assert.Equal((false, "virtio", 3), (image.IsProtected, image.Properties["hw_disk_bus"], image.MinDisk));
            Assert.DoesNotContain("build", image.Properties.Keys);
            await Assert.ThrowsAsync<ConflictException>(() => cloud.Images.UpdateImageAsync(
                image.Id, new ImageUpdate { Properties = new Dictionary<string, string?> { ["build"] = null } }, Ct));
        }
        finally
        {
            await cloud.Images.UpdateImageAsync(image.Id, new ImageUpdate { IsProtected = false }, CancellationToken.None);
            Assert.True(await cloud.Images.DeleteImageAsync(image.Id, CancellationToken.None));
        }
    }
}
