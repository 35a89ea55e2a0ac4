using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class FractalApiTests(TestApi api) : IClassFixture<TestApi>
{
    private static readonly string[] OriginalFields =
        ["checksum", "duration", "generated_by", "height", "iterations", "size", "url", "uuid", "width", "xa", "xb", "ya", "yb"];

    [Fact]
    public async Task Create_returns_201_with_location_and_the_fields_of_the_original_first()
    {
        var uuid = Guid.NewGuid();
        using var response = await api.PostAsync(TestApi.Request(uuid));
        var body = await TestApi.JsonAsync(response);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/v1/fractal/{uuid}", response.Headers.Location!.OriginalString);
        Assert.Equal(OriginalFields, body.EnumerateObject().Take(OriginalFields.Length).Select(p => p.Name));
        Assert.Equal(uuid, body.GetProperty("uuid").GetGuid());
        Assert.Equal(2.25, body.GetProperty("xb").GetDouble());
        Assert.Equal("queued", body.GetProperty("status").GetString());
        Assert.Equal(await api.Http.GetStringAsync($"v1/fractal/{uuid}", TestContext.Current.CancellationToken), body.GetRawText());
    }

    [Fact]
    public async Task Create_draws_a_constant_inside_the_box_whose_orbit_escapes_late()
    {
        using var response = await api.PostAsync(TestApi.Request());
        var body = await TestApi.JsonAsync(response);
        var (cx, cy) = (body.GetProperty("cx").GetDouble(), body.GetProperty("cy").GetDouble());

        Assert.InRange(cx, -1.5, 2.25);
        Assert.InRange(cy, -1.25, 1.1);
        Assert.InRange(Faafo.Fractals.JuliaConstant.Steps(cx, cy), 11, 99);
    }

    [Fact]
    public async Task Create_keeps_a_given_constant()
    {
        var request = TestApi.Request();
        (request["cx"], request["cy"]) = (-0.7, 0.25);
        using var response = await api.PostAsync(request);
        var body = await TestApi.JsonAsync(response);

        Assert.Equal(-0.7, body.GetProperty("cx").GetDouble());
        Assert.Equal(0.25, body.GetProperty("cy").GetDouble());
    }

    [Fact]
    public async Task Create_rejects_a_uuid_that_exists_and_keeps_the_first()
    {
        var uuid = await api.CreateAsync();
        var second = TestApi.Request(uuid);
        second["width"] = 1;
        using var response = await api.PostAsync(second);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("uuid", (await TestApi.JsonAsync(response)).GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Equal(300, (await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken))!.Width);
    }

    [Theory]
    [InlineData("width", "0", "16384")]
    [InlineData("width", "-5", "16384")]
    [InlineData("width", "16385", "16384")]
    [InlineData("width", "2147483647", "16384")]
    [InlineData("width", "300.5", "16384")]
    [InlineData("width", "\"300\"", "16384")]
    [InlineData("height", "null", "16384")]
    [InlineData("height", "[1, {\"a\": 2}]", "16384")]
    [InlineData("iterations", "0", "65535")]
    [InlineData("iterations", "65536", "65535")]
    [InlineData("xa", "1e7", "1e6")]
    [InlineData("xb", "1e999", "1e6")]
    [InlineData("ya", "\"NaN\"", "1e6")]
    [InlineData("yb", "{}", "1e6")]
    [InlineData("cx", "-1000001", "1e6")]
    [InlineData("uuid", "\"no-uuid\"", "UUID")]
    [InlineData("uuid", "7", "UUID")]
    [InlineData("status", "\"done\"", "no such field")]
    public async Task Create_rejects_an_invalid_value_with_field_and_limit(string field, string value, string limit)
    {
        var request = TestApi.Request();
        request.Remove(field);
        using var response = await api.PostAsync(request.ToJsonString().TrimEnd('}') + $", \"{field}\": {value}}}");
        var body = await TestApi.JsonAsync(response);
        var error = Assert.Single(body.GetProperty("errors").EnumerateArray());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(field, error.GetProperty("field").GetString());
        Assert.Contains(limit, error.GetProperty("limit").GetString(), StringComparison.Ordinal);
        Assert.Contains(field, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(body.GetProperty("detail").GetString(), body.GetProperty("message").GetString());
        Assert.Equal(400, body.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("uuid")]
    [InlineData("width")]
    [InlineData("height")]
    [InlineData("iterations")]
    [InlineData("xa")]
    [InlineData("xb")]
    [InlineData("ya")]
    [InlineData("yb")]
    public async Task Create_rejects_a_missing_field(string field)
    {
        var request = TestApi.Request();
        request.Remove(field);
        using var response = await api.PostAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var detail = (await TestApi.JsonAsync(response)).GetProperty("detail").GetString();
        Assert.StartsWith($"{field} is missing: it must be ", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_accepts_exactly_2_to_the_28_pixels()
    {
        var request = TestApi.Request();
        (request["width"], request["height"]) = (16384, 16384);
        using var most = await api.PostAsync(request);
        Assert.Equal(HttpStatusCode.Created, most.StatusCode);      // 2^28 exactly: both sides at their limit
        Assert.Equal(Faafo.Fractals.FractalLimits.MaxPixels, 16384L * 16384);
    }

    [Theory]
    [InlineData("{\"uuid\"", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("{} {}", "application/json", 400)]
    [InlineData("{}", "text/plain", 415)]
    public async Task Create_rejects_a_body_that_is_not_a_json_object(string body, string contentType, int status)
    {
        using var response = await api.PostAsync(body, contentType);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, (await TestApi.JsonAsync(response)).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Create_rejects_a_body_above_64_KiB()
    {
        using var response = await api.PostAsync(new string(' ', 65_537));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Concurrent_lookups_each_get_their_own_fractal()
    {
        Guid[] existing = [await api.CreateAsync(), await api.CreateAsync(), await api.CreateAsync()];
        var asked = Enumerable.Range(0, 200).Select(i => i % 4 == 3 ? Guid.NewGuid() : existing[i % 4]).ToArray();

        var answers = await Task.WhenAll(asked.Select(uuid => api.Client.FindAsync(uuid, TestContext.Current.CancellationToken)));

        Assert.Equal(asked.Select(uuid => existing.Contains(uuid) ? uuid : (Guid?)null), answers.Select(fractal => fractal?.Uuid));
    }

    [Fact]
    public async Task Delete_removes_and_a_second_delete_finds_nothing()
    {
        var uuid = await api.CreateAsync();
        using var first = await api.Http.DeleteAsync($"v1/fractal/{uuid}", TestContext.Current.CancellationToken);
        using var second = await api.Http.DeleteAsync($"v1/fractal/{uuid}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        Assert.Null(await api.Client.FindAsync(uuid, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("v1/fractal/11111111-2222-4333-8444-000000000000")]
    [InlineData("v1/fractal/nonsense")]
    [InlineData("fractal/11111111-2222-4333-8444-000000000000")]
    [InlineData("v2/anything")]
    [InlineData("index/0")]
    public async Task Missing_resource_is_a_404_with_code_and_message(string path)
    {
        using var response = await api.Http.GetAsync(path, TestContext.Current.CancellationToken);
        var body = await TestApi.JsonAsync(response);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(404, body.GetProperty("code").GetInt32());
        Assert.NotEmpty(body.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task OpenApi_document_names_every_call_of_the_original()
    {
        var document = JsonNode.Parse(await api.Http.GetStringAsync("openapi/v1.json", TestContext.Current.CancellationToken))!;
        var calls = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key} {p.Key}")).ToHashSet();

        Assert.Superset(new HashSet<string>
        {
            "post /v1/fractal", "get /v1/fractal", "get /v1/fractal/{uuid}", "put /v1/fractal/{uuid}", "delete /v1/fractal/{uuid}",
            "get /fractal/{uuid}", "get /v1/queue", "get /v1/nodes", "get /load",
        }, calls);
    }

    [Fact]
    public async Task OpenApi_document_summarizes_every_call_and_has_the_ranges_of_a_fractal()
    {
        var document = JsonNode.Parse(await api.Http.GetStringAsync("openapi/v1.json", TestContext.Current.CancellationToken))!;
        var calls = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).ToArray();
        var width = document["components"]!["schemas"]!["NewFractal"]!["properties"]!["width"]!;
        var xa = document["components"]!["schemas"]!["NewFractal"]!["properties"]!["xa"]!;

        Assert.Equal("Faafo", (string?)document["info"]!["title"]);
        Assert.All(calls, call => Assert.NotEmpty((string?)call.Value!["summary"] ?? ""));
        Assert.Equal(("integer", 1, 16_384), ((string?)width["type"], (int?)width["minimum"], (int?)width["maximum"]));
        Assert.Equal(("number", -1e6, 1e6), ((string?)xa["type"], (double?)xa["minimum"], (double?)xa["maximum"]));
    }
}
