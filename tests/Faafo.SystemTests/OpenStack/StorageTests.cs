using System.Security.Cryptography;
using Faafo.OpenStack;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.ObjectStorage;
using Faafo.TestKit;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

public sealed class StorageTests
{
    [Fact]
    public async Task Object_is_downloaded_as_uploaded()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("ü box");
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        Assert.True(await swift.CreateContainerAsync(container, new Dictionary<string, string> { ["Owner"] = "Jülia" }, Ct));
        Assert.False(await swift.CreateContainerAsync(container, null, Ct));
        try
        {
            const string Name = "../a b/ü?#.bin";
            var stored = await swift.UploadObjectAsync(
                container, Name, (target, token) => target.WriteAsync(content, token).AsTask(),
                new UploadOptions { OnlyIfNew = true, Metadata = new Dictionary<string, string> { ["Who"] = "Jülia 100%" } }, Ct);
            await Assert.ThrowsAsync<ConflictException>(() =>
                swift.UploadObjectAsync(container, Name, new MemoryStream([1]), new UploadOptions { OnlyIfNew = true }, Ct));

            Assert.Equal("Jülia 100%", (await swift.GetObjectAsync(container, Name, Ct)).Metadata["who"]);
            Assert.Equal(Name, Assert.Single(await swift.ListObjectsAsync(container, cancellationToken: Ct).ToListAsync(Ct)).Name);
            // the command line splits its input twice
            Assert.Equal(Name, await OpenStackAsync($"object list \"'{container}'\" -f value"));
            await using (var download = await swift.DownloadObjectAsync(container, Name, null, Ct))
            {
                using var copy = new MemoryStream();
                await download.Content.CopyToAsync(copy, Ct);
                Assert.Equal(content, copy.ToArray());
            }

            await using (var part = await swift.DownloadObjectAsync(container, Name, new DownloadOptions { From = 10, To = 19 }, Ct))
            {
                using var copy = new MemoryStream();
                await part.Content.CopyToAsync(copy, Ct);
                Assert.Equal((true, 3_000_000L), (part.IsPartial, part.Info.Length));
                Assert.Equal(content[10..20], copy.ToArray());
            }

            await using (var unchanged = await swift.DownloadObjectAsync(container, Name, new DownloadOptions { IfNoneMatch = stored.ETag },
                Ct))
            {
                Assert.True(unchanged.NotModified);
            }

            await swift.SetTempUrlKeyAsync(container, "k3y", Ct);
            var address = await swift.CreateTempUrlAsync(HttpMethod.Get, container, Name, TimeSpan.FromMinutes(5),
                (await swift.GetTempUrlKeyAsync(container, Ct))!, Ct);
            using var http = new HttpClient();
            Assert.Equal(content, await http.GetByteArrayAsync(address, Ct));

            await Assert.ThrowsAsync<ConflictException>(() => swift.DeleteContainerAsync(container, Ct));
            var result = await swift.DeleteObjectsAsync(container, [Name, "none"], Ct);
            Assert.Equal((1, 1), (result.Deleted, result.NotFound));
        }
        finally
        {
            await swift.DeleteObjectsAsync(container,
                await swift.ListObjectsAsync(container, cancellationToken: CancellationToken.None).Select(item => item.Name!)
                .ToListAsync(CancellationToken.None), CancellationToken.None);
            Assert.True(await swift.DeleteContainerAsync(container, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Container_counts_its_objects_and_metadata_is_replaced()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("box");
        await swift.CreateContainerAsync(container, new Dictionary<string, string> { ["Owner"] = "Julia" }, Ct);
        try
        {
            await swift.UploadObjectAsync(
                container, "note", new MemoryStream("hello"u8.ToArray()),
                new UploadOptions { ContentType = "text/plain", Metadata = new Dictionary<string, string> { ["Old"] = "1" } }, Ct);
            await swift.SetObjectMetadataAsync(container, "note", new Dictionary<string, string> { ["Colour"] = "blue" }, Ct);

            var note = await swift.GetObjectAsync(container, "note", Ct);
            Assert.Equal((5L, "text/plain", "blue"), (note.Length, note.ContentType, Assert.Single(note.Metadata).Value));
            var shown = await ShowAsync($"object show {container} note");
            Assert.Equal((note.ETag, note.ContentType, "5"),
                (shown.GetProperty("etag").GetString(), shown.GetProperty("content-type").GetString(),
                    shown.GetProperty("content-length").ToString()));
            Assert.Contains("blue", shown.GetProperty("properties").ToString(), StringComparison.Ordinal);

            // Swift updates a container's counters with a delay.
            var counted = await Eventually.GetAsync("the container's counters", token => swift.GetContainerAsync(container, token), box =>
                box.Count == 1, OperationTimeout);
            Assert.Equal((container, 5L, "Julia"), (counted.Name, counted.Bytes, counted.Metadata["owner"]));
            Assert.Equal("5", (await ShowAsync($"container show {container}")).GetProperty("bytes_used").ToString());
            Assert.Equal(container, (await swift.ListContainersAsync(container, Ct).SingleAsync(Ct)).Name);
            Assert.Empty(await swift.ListContainersAsync(container + "-none", Ct).ToListAsync(Ct));
        }
        finally
        {
            Assert.True(await swift.DeleteContainerWithObjectsAsync(container, CancellationToken.None));
            Assert.False(await swift.DeleteContainerWithObjectsAsync(container, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Large_object_uploaded_in_segments_is_downloaded_as_one()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("large");
        var content = RandomNumberGenerator.GetBytes(2_500_000);
        await swift.CreateContainerAsync(container, null, Ct);
        try
        {
            await swift.UploadLargeObjectAsync(container, "big", new MemoryStream(content), 1_000_000, null, Ct);

            await using (var download = await swift.DownloadObjectAsync(container, "big", null, Ct))
            {
                using var copy = new MemoryStream();
                await download.Content.CopyToAsync(copy, Ct);
                Assert.True(download.Info.IsLargeObject);
                Assert.Equal(content, copy.ToArray());
            }

            var result = await swift.DeleteLargeObjectAsync(container, "big", Ct);
            Assert.Equal((4, 0), (result.Deleted, result.Errors.Count));
        }
        finally
        {
            await swift.DeleteContainerAsync(container, CancellationToken.None);
            await swift.DeleteContainerAsync(container + "_segments", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Image_is_stored_found_and_deleted()
    {
        await using var cloud = Connect();
        var name = Unique("image");
        var image = await cloud.Images.CreateImageAsync(new NewImage(name) { DiskFormat = "raw", Tags = ["test"] }, Ct);
        try
        {
            Assert.Equal("queued", image.Status);
            image = await cloud.Images.UploadImageAsync(image.Id, new MemoryStream(new byte[200_000]), Ct);

            Assert.Equal(("active", 200_000L), (image.Status, image.Size));
            Assert.Equal(image.Id, (await cloud.Images.FindImageAsync(name, Ct)).Id);
            Assert.Equal(image.Checksum, await OpenStackAsync($"image show {name} -f value -c checksum"));
        }
        finally
        {
            Assert.True(await cloud.Images.DeleteImageAsync(image.Id, CancellationToken.None));
        }
    }
}
