using System.Net;
using System.Text;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.TestKit;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>A real Swift: access control lists, copies, disposition and encoding, use of the account.</summary>
public sealed class ObjectPropertiesTests
{
    [Fact]
    public async Task Public_container_is_read_without_a_login_until_it_is_private_again()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("acl");
        await swift.CreateContainerAsync(container, new Dictionary<string, string> { ["Owner"] = "Julia", ["Colour"] = "blue" }, Ct);
        try
        {
            await swift.UploadObjectAsync(container, "note", new MemoryStream("hello"u8.ToArray()), null, Ct);
            var endpoint = await cloud.Session.GetEndpointAsync(ServiceType.ObjectStore, Ct);
            var address = new Uri($"{endpoint}/{container}/note");
            using var http = new HttpClient();
            using (var refused = await http.GetAsync(address, Ct))
            {
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }

            await swift.UpdateContainerAsync(
                container,
                new ContainerUpdate
                {
                    ReadAcl = ContainerAcl.PublicReadAndList,
                    WriteAcl = ContainerAcl.Project("p2", "u2"),
                    Metadata = new Dictionary<string, string> { ["Owner"] = "Jülia", ["Colour"] = "", ["Quota-Count"] = "1" },
                },
                Ct);

            Assert.Equal("hello", await http.GetStringAsync(address, Ct));
            Assert.Equal("note", (await http.GetStringAsync(new Uri($"{endpoint}/{container}"), Ct)).Trim());
            var read = await swift.GetContainerAsync(container, Ct);
            Assert.Equal((".r:*,.rlistings", "p2:u2", "Jülia", "1"),
                (read.ReadAcl, read.WriteAcl, read.Metadata["owner"], read.Metadata["quota-count"]));
            Assert.DoesNotContain("colour", read.Metadata.Keys);

            await swift.UpdateContainerAsync(container, new ContainerUpdate { ReadAcl = "", WriteAcl = "" }, Ct);

            read = await swift.GetContainerAsync(container, Ct);
            Assert.Equal((null, null, "Jülia"), (read.ReadAcl, read.WriteAcl, read.Metadata["owner"]));
            using var again = await http.GetAsync(address, Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
            await Assert.ThrowsAsync<OpenStackApiException>(
                () => swift.UpdateContainerAsync(container, new ContainerUpdate { WriteAcl = ".r:*" }, Ct));
        }
        finally
        {
            Assert.True(await swift.DeleteContainerWithObjectsAsync(container, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Copy_has_the_content_and_the_chosen_properties()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("ü copy");
        await swift.CreateContainerAsync(container, null, Ct);
        try
        {
            const string Name = "a b/ü?#.txt";
            var blue = new Dictionary<string, string> { ["Colour"] = "blue", ["Size"] = "5" };
            var stored = await swift.UploadObjectAsync(
                container, Name, new MemoryStream("hello"u8.ToArray()),
                new UploadOptions { ContentType = "text/plain", ContentDisposition = "inline", Metadata = blue }, Ct);

            var copy = await swift.CopyObjectAsync(container, Name, container, "copy/1", null, Ct);
            var changed = await swift.CopyObjectAsync(
                container,
                Name,
                container,
                "copy/2",
                new CopyOptions
                {
                    ContentType = "text/markdown",
                    ContentDisposition = "attachment; filename=\"a.md\"",
                    Metadata = new Dictionary<string, string> { ["Size"] = "6" },
                    DeleteAfter = TimeSpan.FromHours(1),
                },
                Ct);
            var fresh = await swift.CopyObjectAsync(container, Name, container, "copy/3", new CopyOptions { FreshMetadata = true }, Ct);

            Assert.Equal((stored.ETag, 5L, "text/plain", "inline", "blue", "5"),
                (copy.ETag, copy.Length, copy.ContentType, copy.ContentDisposition, copy.Metadata["colour"], copy.Metadata["size"]));
            Assert.Equal(("text/markdown", "attachment; filename=\"a.md\"", "blue", "6"),
                (changed.ContentType, changed.ContentDisposition, changed.Metadata["colour"], changed.Metadata["size"]));
            Assert.NotNull(changed.DeleteAt);
            Assert.Equal(("text/plain", null, 0), (fresh.ContentType, fresh.ContentDisposition, fresh.Metadata.Count));
            Assert.Equal("hello", await ReadAsync(swift, container, "copy/2"));
            await Assert.ThrowsAsync<NotFoundException>(() => swift.CopyObjectAsync(container, "none", container, "x", null, Ct));
            await Assert.ThrowsAsync<NotFoundException>(() => swift.CopyObjectAsync(container, Name, container + "-none", "x", null, Ct));
        }
        finally
        {
            Assert.True(await swift.DeleteContainerWithObjectsAsync(container, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Copy_of_a_large_object_joins_or_shares_its_segments()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("large-copy");
        await swift.CreateContainerAsync(container, null, Ct);
        try
        {
            await swift.UploadLargeObjectAsync(container, "big", new MemoryStream(new byte[2_500_000]), 1_000_000, null, Ct);

            var joined = await swift.CopyObjectAsync(container, "big", container, "joined", null, Ct);
            var shared = await swift.CopyObjectAsync(container, "big", container, "shared", new CopyOptions { ShareSegments = true }, Ct);

            Assert.Equal((false, 2_500_000L), (joined.IsLargeObject, joined.Length));
            Assert.Equal((true, 2_500_000L), (shared.IsLargeObject, shared.Length));
        }
        finally
        {
            await swift.DeleteLargeObjectAsync(container, "big", CancellationToken.None);
            await swift.DeleteContainerWithObjectsAsync(container, CancellationToken.None);
            await swift.DeleteContainerWithObjectsAsync(container + "_segments", CancellationToken.None);
        }
    }

    [Fact]
    public async Task Properties_are_uploaded_updated_and_kept()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("properties");
        await swift.CreateContainerAsync(container, null, Ct);
        try
        {
            await swift.UploadObjectAsync(
                container,
                "note",
                new MemoryStream("hello"u8.ToArray()),
                new UploadOptions
                {
                    ContentType = "text/plain",
                    ContentDisposition = "attachment; filename=\"a.txt\"",
                    ContentEncoding = "identity",
                    DeleteAfter = TimeSpan.FromHours(1),
                    Metadata = new Dictionary<string, string> { ["Colour"] = "blue", ["Old"] = "1" },
                },
                Ct);
            var before = await swift.GetObjectAsync(container, "note", Ct);

            await swift.UpdateObjectAsync(
                container, "note", new ObjectUpdate { Metadata = new Dictionary<string, string> { ["old"] = "", ["new"] = "Jülia" } }, Ct);
            var kept = await swift.GetObjectAsync(container, "note", Ct);
            await swift.UpdateObjectAsync(
                container,
                "note",
                new ObjectUpdate
                {
                    ContentType = "text/html",
                    ContentDisposition = "",
                    ContentEncoding = "br",
                    DeleteAfter = TimeSpan.Zero,
                },
                Ct);
            var changed = await swift.GetObjectAsync(container, "note", Ct);

            Assert.Equal(("attachment; filename=\"a.txt\"", "identity", "text/plain", before.DeleteAt),
                (kept.ContentDisposition, kept.ContentEncoding, kept.ContentType, kept.DeleteAt));
            Assert.NotNull(kept.DeleteAt);
            Assert.Equal(["colour blue", "new Jülia"],
                kept.Metadata.Select(item => $"{item.Key.ToLowerInvariant()} {item.Value}").Order());
            Assert.Equal((null, "br", "text/html", null, 2),
                (changed.ContentDisposition, changed.ContentEncoding, changed.ContentType, changed.DeleteAt, changed.Metadata.Count));
            await using var download = await swift.DownloadObjectAsync(container, "note", null, Ct);
            Assert.Equal("br", download.Info.ContentEncoding);
        }
        finally
        {
            Assert.True(await swift.DeleteContainerWithObjectsAsync(container, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Account_counts_the_containers_of_the_project()
    {
        await using var cloud = Connect();
        var swift = cloud.ObjectStorage;
        var container = Unique("account");
        await swift.CreateContainerAsync(container, null, Ct);
        try
        {
            // Not the objects: the test cloud has no updater, which adds up the counters of the containers.
            var account = await Eventually.GetAsync(
                "the account's counters", swift.GetAccountAsync, one => one.ContainerCount > 0, OperationTimeout);
            Assert.Null(account.QuotaBytes);
        }
        finally
        {
            Assert.True(await swift.DeleteContainerAsync(container, CancellationToken.None));
        }
    }

    private static async Task<string> ReadAsync(ObjectStorageService swift, string container, string name)
    {
        await using var download = await swift.DownloadObjectAsync(container, name, null, Ct);
        using var reader = new StreamReader(download.Content, Encoding.UTF8);
        return await reader.ReadToEndAsync(Ct);
    }
}
