using Faafo.OpenStack.ObjectStorage;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Swift: every property from headers and lists in the format of the API reference, and the headers of requests.</summary>
public sealed class ObjectStorageBodiesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Containers_and_objects_are_read_from_headers_and_lists()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("HEAD", "/box", (context, _) => Headers(
            context, 204, ("X-Container-Object-Count", "3"), ("X-Container-Bytes-Used", "12"), ("X-Container-Meta-Owner", "J%C3%BClia"),
                ("X-Container-Meta-Temp-Url-Key", "secret-key")));
        cloud.Inject("HEAD", "/box/a", (context, _) => Headers(
            context, 200, ("Content-Length", "4"), ("ETag", "0123"), ("Content-Type", "image/png"),
                ("Content-Disposition", "inline"), ("Content-Encoding", "gzip"),
                ("Last-Modified", "Wed, 01 May 2030 10:00:00 GMT"), ("X-Static-Large-Object", "True"), ("X-Delete-At", "1904551200"),
                    ("X-Object-Meta-Colour", "blue")));
        cloud.Inject("GET", "/AUTH_p1", Fault.Status(200, """
            [{"name":"box","count":3,"bytes":12,"last_modified":"2030-05-01T10:00:00.000000"}]
            """));
        cloud.Inject("GET", "/AUTH_p1", Fault.Status(200, "[]"));
        cloud.Inject("GET", "/box", Fault.Status(200, """
            [{"name":"a","bytes":4,"hash":"0123","content_type":"image/png","last_modified":"2030-05-01T10:00:00.123456"},{"subdir":"b/"}]
            """));
        cloud.Inject("GET", "/box", Fault.Status(200, "[]"));
        var blue = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Colour"] = "blue" };
        var noon = new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero);

        var container = await client.ObjectStorage.GetContainerAsync("box", Ct);
        Assert.Equal(("box", 3, 12), (container.Name, container.Count, container.Bytes));
        Assert.Equal(("Owner", "Jülia"), Assert.Single(container.Metadata) switch { var only => (only.Key, only.Value) });
        Body.AssertRead(
            new ObjectInfo
            {
                Name = "a",
                Length = 4,
                ETag = "0123",
                ContentType = "image/png",
                ContentDisposition = "inline",
                ContentEncoding = "gzip",
                LastModified = noon,
                IsLargeObject = true,
                DeleteAt = DateTimeOffset.FromUnixTimeSeconds(1904551200),
                Metadata = blue
            },
            await client.ObjectStorage.GetObjectAsync("box", "a", Ct));
        Body.AssertRead(
            new Container { Name = "box", Count = 3, Bytes = 12 },
            await client.ObjectStorage.ListContainersAsync(cancellationToken: Ct).SingleAsync(Ct));
        var items = await client.ObjectStorage.ListObjectsAsync("box", delimiter: '/', cancellationToken: Ct).ToListAsync(Ct);
        Body.AssertRead(
            new ObjectItem { Name = "a", Bytes = 4, Hash = "0123", ContentType = "image/png", LastModified = noon.AddTicks(1_234_560) },
                items[0], nameof(ObjectItem.Subdirectory));
        Assert.Equal((null, "b/", 2), (items[1].Name, items[1].Subdirectory, items.Count));
    }

    [Fact]
    public async Task Metadata_and_upload_options_become_the_documented_headers()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var seen = new List<Dictionary<string, string>>();
        foreach (var (method, path, status) in new[] { ("PUT", "/box", 201), ("POST", "/box/a", 202) })
        {
            cloud.Inject(method, path, (context, _) =>
            {
                seen.Add(context.Request.Headers.ToDictionary(
                    header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
                return Headers(context, status);
            });
        }
        Assert.True(await client.ObjectStorage.CreateContainerAsync("box", new Dictionary<string, string> { ["Owner"] = "50% Jülia" }, Ct));
        await client.ObjectStorage.SetObjectMetadataAsync("box", "a", new Dictionary<string, string> { ["Colour"] = "blue" }, Ct);
        await client.ObjectStorage.UploadObjectAsync(
            "box",
            "a",
            new MemoryStream([1, 2]),
            new UploadOptions
            {
                ContentType = "image/png",
                DeleteAfter = TimeSpan.FromMinutes(2),
                OnlyIfNew = true,
                Length = 2,
                Metadata = new Dictionary<string, string> { ["Size"] = "2" },
            },
            Ct);

        Assert.Equal(("50%25 J%C3%BClia", "blue"), (seen[0]["X-Container-Meta-Owner"], seen[1]["X-Object-Meta-Colour"]));
        var upload = Assert.Single(cloud.Seen("PUT", "/box/a")).Headers;
        Assert.Equal(("image/png", "120", "*", "2"), (upload.ContentType.ToString(), upload["X-Delete-After"].ToString(),
            upload.IfNoneMatch.ToString(), upload["X-Object-Meta-Size"].ToString()));
    }

    private static Task Headers(Microsoft.AspNetCore.Http.HttpContext context, int status, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }
        return Task.CompletedTask;
    }
}
