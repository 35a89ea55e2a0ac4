using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Swift: access control lists, use of the account, copies, disposition, encoding, in the format of the API reference.</summary>
public sealed class ObjectPropertiesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Container_is_updated_with_access_control_lists_and_metadata()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var seen = Record(cloud, "POST", "/box", 204, times: 2);
        cloud.Inject("HEAD", "/box", (context, _) => Answer(
            context, 204, ("X-Container-Read", ".r:*,.rlistings"), ("X-Container-Write", "p2:*"), ("X-Container-Meta-Quota-Bytes", "100")));

        await client.ObjectStorage.UpdateContainerAsync(
            "box",
            new ContainerUpdate
            {
                ReadAcl = ContainerAcl.PublicReadAndList,
                WriteAcl = ContainerAcl.Project("p2") + "," + ContainerAcl.Project("p3", "u3"),
                Metadata = new Dictionary<string, string> { ["Quota-Bytes"] = "100", ["Owner"] = "" },
            },
            Ct);
        await client.ObjectStorage.UpdateContainerAsync("box", new ContainerUpdate { ReadAcl = "" }, Ct);
        var container = await client.ObjectStorage.GetContainerAsync("box", Ct);

        Assert.Equal((".r:*,.rlistings", "p2:*,p3:u3", "100", ""),
            (seen[0]["X-Container-Read"], seen[0]["X-Container-Write"], seen[0]["X-Container-Meta-Quota-Bytes"],
                seen[0]["X-Container-Meta-Owner"]));
        Assert.Equal("", seen[1]["X-Container-Read"]);
        Assert.DoesNotContain("X-Container-Write", seen[1].Keys);
        Assert.Equal((".r:*,.rlistings", "p2:*", "100"), (container.ReadAcl, container.WriteAcl, container.Metadata["quota-bytes"]));
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.ObjectStorage.UpdateContainerAsync("box", new ContainerUpdate { ReadAcl = "a\r\nX-Evil: 1" }, Ct));
    }

    [Theory]
    [InlineData("X-Account-Meta-Quota-Bytes")]
    [InlineData("X-Account-Quota-Bytes")] // since Swift 2.32
    public async Task Account_is_read_without_its_keys(string quota)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("HEAD", "/AUTH_p1", (context, _) => Answer(
            context, 204, ("X-Account-Object-Count", "7"), ("X-Account-Container-Count", "2"), ("X-Account-Bytes-Used", "14000000000"),
            (quota, "20000000000"), ("X-Account-Meta-Book", "Moby%20Dick"), ("X-Account-Meta-Temp-Url-Key", "secret-key")));

        var account = await client.ObjectStorage.GetAccountAsync(Ct);

        Assert.Equal((2L, 7L, 14_000_000_000L, 20_000_000_000L),
            (account.ContainerCount, account.ObjectCount, account.Bytes, account.QuotaBytes));
        Assert.Equal("Moby Dick", account.Metadata["book"]);
        Assert.DoesNotContain("secret-key", account.Metadata.Values);
    }

    [Fact]
    public async Task Object_is_copied_in_the_service()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var seen = Record(cloud, "PUT", "/to/b", 201, times: 2);
        cloud.Inject("HEAD", "/to/b", (context, _) => Answer(context, 200, ("Content-Length", "4"), ("ETag", "0123")), 2);
        cloud.Inject("PUT", "/to/c", (context, _) => Answer(context, 404, ("X-Trans-Id", "tx-fake")));

        var copy = await client.ObjectStorage.CopyObjectAsync("from ü", "a/ b", "to", "b", null, Ct);
        await client.ObjectStorage.CopyObjectAsync(
            "from",
            "a",
            "to",
            "b",
            new CopyOptions
            {
                ContentType = "image/png",
                ContentDisposition = "inline",
                ContentEncoding = "gzip",
                Metadata = new Dictionary<string, string> { ["Colour"] = "blue" },
                FreshMetadata = true,
                DeleteAfter = TimeSpan.FromMinutes(1),
                ShareSegments = true,
            },
            Ct);
        await Assert.ThrowsAsync<NotFoundException>(() => client.ObjectStorage.CopyObjectAsync("from", "none", "to", "c", null, Ct));

        Assert.Equal(("b", 4L, "0123"), (copy.Name, copy.Length, copy.ETag));
        Assert.Equal(("/from%20%C3%BC/a/%20b", "0", ""), (seen[0]["X-Copy-From"], seen[0]["Content-Length"], seen[0]["?"]));
        Assert.All(["Content-Type", "X-Fresh-Metadata", "X-Delete-After"], name => Assert.DoesNotContain(name, seen[0].Keys));
        Assert.Equal(("/from/a", "image/png", "inline", "gzip", "blue"),
            (seen[1]["X-Copy-From"], seen[1]["Content-Type"], seen[1]["Content-Disposition"], seen[1]["Content-Encoding"],
                seen[1]["X-Object-Meta-Colour"]));
        Assert.Equal(("true", "60", "?multipart-manifest=get"), (seen[1]["X-Fresh-Metadata"], seen[1]["X-Delete-After"], seen[1]["?"]));
    }

    [Fact]
    public async Task Disposition_and_encoding_are_uploaded_and_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await client.ObjectStorage.UploadObjectAsync(
            "box", "a", new MemoryStream([1]),
            new UploadOptions { ContentDisposition = "attachment; filename=\"a.png\"", ContentEncoding = "gzip" }, Ct);
        cloud.Inject("HEAD", "/box/a", (context, _) => Answer(
            context, 200, ("ETag", "0123"), ("Content-Disposition", "attachment; filename=\"a.png\""), ("Content-Encoding", "gzip")));

        var info = await client.ObjectStorage.GetObjectAsync("box", "a", Ct);

        var upload = Assert.Single(cloud.Seen("PUT", "/box/a")).Headers;
        Assert.Equal(("attachment; filename=\"a.png\"", "gzip", "application/octet-stream"),
            (upload.ContentDisposition.ToString(), upload.ContentEncoding.ToString(), upload.ContentType.ToString()));
        Assert.Equal(("attachment; filename=\"a.png\"", "gzip"), (info.ContentDisposition, info.ContentEncoding));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ObjectStorage.UploadObjectAsync(
            "box", "a", new MemoryStream([1]), new UploadOptions { ContentDisposition = "inline\r\nX-Evil: 1" }, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ObjectStorage.UploadObjectAsync(
            "box", "a", new MemoryStream([1]), new UploadOptions { ContentDisposition = "attachment; filename=\"ü.png\"" }, Ct));
    }

    [Fact]
    public async Task Update_of_an_object_keeps_what_Swift_would_drop()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject(
            "HEAD",
            "/box/a",
            (context, _) => Answer(
                context, 200, ("ETag", "0123"), ("Content-Type", "image/png"), ("Content-Disposition", "inline"),
                ("Content-Encoding", "gzip"), ("X-Delete-At", "1904551200"), ("X-Object-Meta-Colour", "blue"),
                ("X-Object-Meta-Old", "1"), ("Cache-Control", "max-age=60"), ("X-Robots-Tag", "noindex"), ("X-Object-Manifest", "c/p"),
                ("Content-Language", "de"), ("Expires", "Wed, 01 May 2030 10:00:00 GMT")),
            3);
        var seen = Record(cloud, "POST", "/box/a", 202, times: 3);

        await client.ObjectStorage.UpdateObjectAsync(
            "box", "a", new ObjectUpdate { Metadata = new Dictionary<string, string> { ["old"] = "", ["New"] = "50%" } }, Ct);
        await client.ObjectStorage.UpdateObjectAsync(
            "box",
            "a",
            new ObjectUpdate
            {
                ContentType = "image/webp",
                ContentDisposition = "",
                ContentEncoding = "br",
                DeleteAfter = TimeSpan.FromHours(1),
            },
            Ct);
        await client.ObjectStorage.UpdateObjectAsync("box", "a", new ObjectUpdate { DeleteAfter = TimeSpan.Zero }, Ct);

        Assert.Equal(("inline", "gzip", "1904551200", "blue", "50%25"),
            (seen[0]["Content-Disposition"], seen[0]["Content-Encoding"], seen[0]["X-Delete-At"], seen[0]["X-Object-Meta-Colour"],
                seen[0]["X-Object-Meta-New"]));
        Assert.Equal(("max-age=60", "noindex", "c/p", "de", "Wed, 01 May 2030 10:00:00 GMT"),
            (seen[0]["Cache-Control"], seen[0]["X-Robots-Tag"], seen[0]["X-Object-Manifest"], seen[0]["Content-Language"],
                seen[0]["Expires"]));
        Assert.All(["Content-Type", "X-Object-Meta-Old"], name => Assert.DoesNotContain(name, seen[0].Keys));
        Assert.Equal(("image/webp", "br", "3600", "1"),
            (seen[1]["Content-Type"], seen[1]["Content-Encoding"], seen[1]["X-Delete-After"], seen[1]["X-Object-Meta-Old"]));
        Assert.All(["Content-Disposition", "X-Delete-At"], name => Assert.DoesNotContain(name, seen[1].Keys));
        Assert.All(["X-Delete-At", "X-Delete-After"], name => Assert.DoesNotContain(name, seen[2].Keys));
    }

    [Fact]
    public async Task Disposition_that_cannot_be_sent_again_is_reported()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        const string Disposition = "Content-Disposition: attachment; filename=\"\u00fc\"";
        await using var swift = RawServer.Saying($"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: 0123\r\n{Disposition}\r\n\r\n");
        await using var other = cloud.Client(cloud.Config with
        {
            Services = new Dictionary<string, ServiceSettings> { ["object-store"] = new() { EndpointOverride = swift.Endpoint } },
        });

        var error = await Assert.ThrowsAsync<OpenStackException>(
            () => other.ObjectStorage.UpdateObjectAsync("box", "a", new ObjectUpdate { ContentType = "image/png" }, Ct));

        Assert.Contains("Content-Disposition", error.Message, StringComparison.Ordinal);
    }

    private static List<Dictionary<string, string>> Record(FakeOpenStack cloud, string method, string path, int status, int times)
    {
        var seen = new List<Dictionary<string, string>>();
        cloud.Inject(
            method,
            path,
            (context, _) =>
            {
                var headers = context.Request.Headers.ToDictionary(
                    header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
                headers["?"] = context.Request.QueryString.Value!;
                seen.Add(headers);
                return Answer(context, status);
            },
            times);
        return seen;
    }

    private static Task Answer(HttpContext context, int status, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }
        return Task.CompletedTask;
    }
}
