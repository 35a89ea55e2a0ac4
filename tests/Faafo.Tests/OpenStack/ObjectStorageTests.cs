using System.Text;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class ObjectStorageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uploaded_object_is_downloaded_with_its_metadata()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var metadata = new Dictionary<string, string> { ["Title"] = "Jülia 100% ☃" };
        var options = new UploadOptions { ContentType = "image/png", Metadata = metadata };

        var stored = await client.ObjectStorage.UploadObjectAsync(
            "c", "a b/ü?.png", (target, token) => target.WriteAsync("hello"u8.ToArray(), token).AsTask(), options, Ct);

        Assert.Equal(("5d41402abc4b2a76b9719d911017c592", 5), (stored.ETag, stored.Length));
        await using var download = await client.ObjectStorage.DownloadObjectAsync("c", "a b/ü?.png", cancellationToken: Ct);
        Assert.Equal("hello", await new StreamReader(download.Content).ReadToEndAsync(Ct));
        Assert.Equal(("image/png", "Jülia 100% ☃"), (download.Info.ContentType, download.Info.Metadata["title"]));
        Assert.Equal("c/a%20b/%C3%BC%3F.png", cloud.Swift.Objects.Keys.Single());
    }

    [Theory]
    [InlineData("../other/x", "c/../other/x")]
    [InlineData("a/./b/../c", "c/a/./b/../c")]
    [InlineData("%2E%2E/x", "c/%252E%252E/x")]
    public async Task Name_stays_in_its_container(string name, string onTheWire)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        await client.ObjectStorage.UploadObjectAsync("c", name, new MemoryStream([1]), null, Ct);

        Assert.Equal(onTheWire, cloud.Swift.Objects.Keys.Single());
    }

    [Theory]
    [InlineData(".."), InlineData("."), InlineData("a/b"), InlineData("")]
    public async Task Container_name_outside_the_account_is_rejected(string container)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.ObjectStorage.CreateContainerAsync(container, null, Ct));
        Assert.Empty(cloud.Requests);
    }

    [Fact]
    public async Task Corrupted_upload_is_detected_and_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Swift.Corrupts = true;

        await Assert.ThrowsAsync<ChecksumMismatchException>(
            () => client.ObjectStorage.UploadObjectAsync("c", "x", new MemoryStream([1, 2, 3]), null, Ct));

        Assert.Empty(cloud.Swift.Objects);
    }

    [Fact]
    public async Task Corrupted_download_is_detected_at_its_end()
    {
        using var request = new HttpRequestMessage();
        using var limit = new IdleLimit(Timeout.InfiniteTimeSpan, TimeProvider.System);
        await using var stream = new VerifyingStream(new MemoryStream([1, 2, 3]), request, limit, "x", "5d41402abc4b2a76b9719d911017c592");

        await Assert.ThrowsAsync<ChecksumMismatchException>(() => stream.CopyToAsync(Stream.Null, Ct));
    }

    [Fact]
    public async Task Seekable_stream_and_repeatable_callback_are_retried_and_others_are_not()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        static async Task TakeAndFail(Microsoft.AspNetCore.Http.HttpContext context, Func<Task> work)
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = 503;
        }
        var source = new MemoryStream("xxhello"u8.ToArray()) { Position = 2 };
        cloud.Inject("PUT", "/c/seekable", TakeAndFail);
        Assert.Equal("5d41402abc4b2a76b9719d911017c592",
            (await client.ObjectStorage.UploadObjectAsync("c", "seekable", source, null, Ct)).ETag);

        var calls = 0;
        Task Write(Stream target, CancellationToken token)
        {
            calls++;
            return target.WriteAsync("hello"u8.ToArray(), token).AsTask();
        }
        cloud.Inject("PUT", "/c/repeatable", TakeAndFail);
        await client.ObjectStorage.UploadObjectAsync("c", "repeatable", Write, new UploadOptions { Repeatable = true }, Ct);
        Assert.Equal(2, calls);

        cloud.Inject("PUT", "/c/once", TakeAndFail);
        await Assert.ThrowsAsync<OpenStackApiException>(() => client.ObjectStorage.UploadObjectAsync("c", "once", Write, null, Ct));
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Rejected_token_does_not_consume_a_body_that_cannot_be_repeated()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await client.Session.GetTokenAsync(Ct);
        cloud.RevokeTokens();
        var calls = 0;

        await client.ObjectStorage.UploadObjectAsync(
            "c",
            "x",
            (target, token) =>
            {
                calls++;
                return target.WriteAsync("hello"u8.ToArray(), token).AsTask();
            },
            null,
            Ct);

        Assert.Equal((1, 2), (calls, cloud.Logins));
    }

    [Fact]
    public async Task Object_that_must_be_new_is_not_replaced()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var options = new UploadOptions { OnlyIfNew = true };
        await client.ObjectStorage.UploadObjectAsync("c", "x", new MemoryStream([1]), options, Ct);

        await Assert.ThrowsAsync<ConflictException>(() =>
            client.ObjectStorage.UploadObjectAsync("c", "x", new MemoryStream([2]), options, Ct));
        Assert.Equal([1], cloud.Swift.Objects["c/x"].Content);
    }

    [Fact]
    public async Task Unchanged_object_is_not_downloaded()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var stored = await client.ObjectStorage.UploadObjectAsync("c", "x", new MemoryStream([1]), null, Ct);

        await using var download = await client.ObjectStorage.DownloadObjectAsync(
            "c", "x", new DownloadOptions { IfNoneMatch = stored.ETag }, Ct);

        Assert.True(download.NotModified);
        Assert.Equal(-1, download.Content.ReadByte());
    }

    [Fact]
    public async Task Short_pages_do_not_end_a_list()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await client.ObjectStorage.CreateContainerAsync("c", null, Ct);
        foreach (var name in new[] { "1", "2", "3", "4", "5" })
        {
            await client.ObjectStorage.UploadObjectAsync("c", name, new MemoryStream([1]), null, Ct);
        }
        var items = await client.ObjectStorage.ListObjectsAsync("c", cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(["1", "2", "3", "4", "5"], items.Select(item => item.Name!));
        Assert.Equal(TimeSpan.Zero, items[0].LastModified!.Value.Offset);
    }

    [Theory]
    [InlineData(0, 0), InlineData(1, 1), InlineData(10, 1), InlineData(11, 2), InlineData(35, 4)]
    public async Task Large_object_is_uploaded_in_segments(int length, int segments)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var content = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        await client.ObjectStorage.UploadLargeObjectAsync("c", "big", new MemoryStream(content), 10, null, Ct);

        var parts = cloud.Swift.Objects.Where(one => one.Key.StartsWith("c_segments/", StringComparison.Ordinal))
            .Select(one => one.Value.Content).ToList();
        Assert.Equal(segments, parts.Count);
        Assert.Equal(content, parts.SelectMany(part => part));
        if (segments > 0)
        {
            var manifest = Encoding.UTF8.GetString(cloud.Swift.Objects["c/big"].Content);
            Assert.StartsWith("[{\"path\":\"c_segments/big/", manifest, StringComparison.Ordinal);
            Assert.Equal(segments, manifest.Split("size_bytes").Length - 1);
        }
    }

    [Fact]
    public async Task Bulk_deletion_reports_the_objects_that_could_not_be_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        var result = await client.ObjectStorage.DeleteObjectsAsync("c", ["a", "b", "no way"], Ct);

        Assert.Equal((1, 1), (result.Deleted, result.NotFound));
        Assert.Equal(new BulkDeleteError("c/no way", "403 Forbidden"), Assert.Single(result.Errors));
    }

    [Fact]
    public async Task Temporary_url_signs_the_decoded_path()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        var address = await client.ObjectStorage.CreateTempUrlAsync(HttpMethod.Get, "c", "ü x", TimeSpan.FromMinutes(1), "key", Ct);

        var expires = (cloud.Time.GetUtcNow() + TimeSpan.FromMinutes(1)).ToUnixTimeSeconds();
        var signature = Convert.ToHexStringLower(
            System.Security.Cryptography.HMACSHA256.HashData("key"u8, Encoding.UTF8.GetBytes($"GET\n{expires}\n/swift/v1/AUTH_p1/c/ü x")));
        Assert.Equal($"{cloud.Url}/swift/v1/AUTH_p1/c/%C3%BC%20x?temp_url_sig={signature}&temp_url_expires={expires}", address.AbsoluteUri);
    }
}
