using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faafo.Fractals;
using Faafo.Images;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class ResultApiTests(TestApi api) : IClassFixture<TestApi>
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3, 4];

    private IImageStore Images => ImageStore.Open(api.State.ImageStoreUrl);

    [Fact]
    public async Task Result_with_its_image_in_the_store_makes_the_fractal_done()
    {
        var uuid = await api.CreateAsync();
        await StoreAsync(uuid);
        using var response = await api.PutAsync(uuid, Result(uuid));
        var fractal = (await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((FractalStatus.Done, "w7", 0.25, 12L), (fractal.Status, fractal.GeneratedBy, fractal.Duration, fractal.Size));
        Assert.Equal(Png, await api.Http.GetByteArrayAsync($"fractal/{uuid}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Result_of_the_originals_worker_contains_its_image()
    {
        var uuid = await api.CreateAsync();
        var result = Result(uuid);
        result["image"] = Convert.ToBase64String(Png);
        using var response = await api.PutAsync(uuid, result);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Png, await api.Http.GetByteArrayAsync($"fractal/{uuid}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Result_without_an_image_is_a_conflict()
    {
        var uuid = await api.CreateAsync();
        using var response = await api.PutAsync(uuid, Result(uuid));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(FractalStatus.Queued, (await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken))!.Status);
    }

    [Fact]
    public async Task Repeated_result_is_accepted_and_another_one_never_replaces_it()
    {
        var uuid = await api.CreateAsync();
        await StoreAsync(uuid);
        using var first = await api.PutAsync(uuid, Result(uuid));
        using var again = await api.PutAsync(uuid, Result(uuid));
        var other = Result(uuid);
        other["checksum"] = new string('0', 64);
        using var rejected = await api.PutAsync(uuid, other);
        using var failure = await api.PutAsync(uuid, new JsonObject { ["error"] = "late" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (rejected.StatusCode, failure.StatusCode));
        Assert.Equal(Checksum, (await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken))!.Checksum);
    }

    [Fact]
    public async Task Problem_types_distinguish_missing_resources_and_conflicts()
    {
        var (uuid, missing) = (await api.CreateAsync(), Guid.NewGuid());
        await ProblemAsync(await api.PutAsync(missing, Result(missing)), Problem.NoSuchFractal, $"{missing}");
        await ProblemAsync(await api.Http.GetAsync($"v1/fractal/{missing:B}", Token), Problem.NoSuchFractal, $"{missing}");
        await ProblemAsync(await api.Http.DeleteAsync($"v1/fractal/{missing}", Token), Problem.NoSuchFractal, $"{missing}");
        await ProblemAsync(await api.Http.GetAsync($"fractal/{missing}", Token), Problem.NoSuchFractal, $"{missing}");
        await ProblemAsync(await api.Http.GetAsync($"fractal/{uuid}", Token), Problem.NoSuchImage, $"{uuid}");
        await ProblemAsync(await api.Http.PutAsJsonAsync("v1/fractal/no-uuid", new JsonObject(), Token), Problem.InvalidUuid, null);
        await ProblemAsync(await api.Http.GetAsync("v1/fractal/no-uuid", Token), Problem.InvalidUuid, null);
        await ProblemAsync(await api.Http.GetAsync($"prefix/v1/fractal/{uuid}", Token), Problem.TypeOf(404), null);
        await ProblemAsync(await api.Http.DeleteAsync("v1/nodes/w9", Token), Problem.NoSuchNode, "w9");
        await ProblemAsync(await api.PutAsync(uuid, Result(uuid)), Problem.ImageMissing, $"{uuid}");
        await ProblemAsync(await api.PutAsync(uuid, new JsonObject()), Problem.InvalidRequest, null);

        await StoreAsync(uuid);
        using var done = await api.PutAsync(uuid, Result(uuid));
        await ProblemAsync(await api.PutAsync(uuid, new JsonObject { ["error"] = "late" }), Problem.OtherResult, $"{uuid}");
    }

    [Fact]
    public async Task Two_fractals_may_have_equal_pictures()
    {
        var (one, two) = (await api.CreateAsync(), await api.CreateAsync());
        await StoreAsync(one);
        await StoreAsync(two);
        using var first = await api.PutAsync(one, Result(one));
        using var second = await api.PutAsync(two, Result(two));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Error_makes_the_fractal_failed_and_a_later_picture_makes_it_done()
    {
        var uuid = await api.CreateAsync();
        using var error = await api.PutAsync(
            uuid, new JsonObject { ["uuid"] = uuid.ToString(), ["error"] = "no memory", ["generated_by"] = "w1" });
        var failed = (await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken))!;
        using var image = await api.Http.GetAsync($"fractal/{uuid}", TestContext.Current.CancellationToken);
        await StoreAsync(uuid);
        using var result = await api.PutAsync(uuid, Result(uuid));
        var done = (await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken))!;

        Assert.Equal((FractalStatus.Failed, "no memory", "w1"), (failed.Status, failed.Error, failed.GeneratedBy));
        Assert.Equal(HttpStatusCode.NotFound, image.StatusCode);
        Assert.Equal((FractalStatus.Done, null), (done.Status, done.Error));
    }

    [Theory]
    [InlineData("uuid", "\"11111111-2222-4333-8444-555555555555\"")]
    [InlineData("checksum", "\"abc\"")]
    [InlineData("checksum", "null")]
    [InlineData("size", "0")]
    [InlineData("size", "13")]
    [InlineData("duration", "-1")]
    [InlineData("duration", "1e999")]
    [InlineData("generated_by", "\"a\\u0000b\"")]
    [InlineData("error", "\"\\u0000\"")]
    [InlineData("width", "7")]
    [InlineData("image", "\"not base64\"")]
    [InlineData("image", "\"iVBORw0K\"")]
    public async Task Invalid_result_is_rejected_and_changes_nothing(string field, string value)
    {
        var uuid = await api.CreateAsync();
        var result = Result(uuid);
        result["image"] = Convert.ToBase64String(Png);
        result[field] = JsonNode.Parse(value);
        using var response = await api.PutAsync(uuid, result);
        var fractal = (await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Faafo", body, StringComparison.Ordinal);
        Assert.Equal((FractalStatus.Queued, 300), (fractal.Status, fractal.Width));
        Assert.Null(await Images.GetSizeAsync(uuid, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Result_for_a_deleted_fractal_is_a_404()
    {
        var uuid = await api.CreateAsync();
        await api.Client.DeleteAsync(uuid, TestContext.Current.CancellationToken);
        using var response = await api.PutAsync(uuid, Result(uuid));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Delete_removes_the_image()
    {
        var uuid = await api.CreateAsync();
        await StoreAsync(uuid);
        using var result = await api.PutAsync(uuid, Result(uuid));
        await api.Client.DeleteAsync(uuid, TestContext.Current.CancellationToken);

        Assert.Null(await Images.GetSizeAsync(uuid, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Image_has_its_checksum_as_etag_and_supports_304_and_ranges()
    {
        var uuid = await api.CreateAsync();
        await StoreAsync(uuid);
        using var result = await api.PutAsync(uuid, Result(uuid));
        using var whole = await api.Http.GetAsync($"fractal/{uuid}", TestContext.Current.CancellationToken);
        using var known = await GetAsync(uuid, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!));
        using var range = await GetAsync(uuid, request => request.Headers.Range = new RangeHeaderValue(8, 9));

        Assert.Equal($"\"{Checksum}\"", whole.Headers.ETag!.Tag);
        Assert.Equal("image/png", whole.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        Assert.Equal(Png[8..10], await range.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task ProblemAsync(HttpResponseMessage response, string type, string? resource)
    {
        using (response)
        {
            var problem = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(Token), FaafoJson.Default.Problem)!;
            Assert.Equal((Problem.MediaType, (int)response.StatusCode, type, resource),
                (response.Content.Headers.ContentType?.MediaType, problem.Status, problem.Type, problem.Resource));
        }
    }

    private static string Checksum => Convert.ToHexStringLower(SHA256.HashData(Png));

    private static JsonObject Result(Guid uuid) => new()
    {
        ["uuid"] = uuid.ToString(),
        ["duration"] = 0.25,
        ["checksum"] = Checksum,
        ["size"] = Png.Length,
        ["generated_by"] = "w7",
    };

    private Task<StoredImage> StoreAsync(Guid uuid) =>
        Images.WriteAsync(uuid, (stream, stop) => stream.WriteAsync(Png, stop).AsTask(), TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> GetAsync(Guid uuid, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"fractal/{uuid}");
        change(request);
        return await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
