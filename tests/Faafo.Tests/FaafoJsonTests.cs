using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faafo.Fractals;
using Faafo.Http;
using Xunit;

namespace Faafo.Tests;

public sealed class FaafoJsonTests
{
    private static readonly string[] Required = ["height", "iterations", "uuid", "width", "xa", "xb", "ya", "yb"];

    public static TheoryData<string> Broken => new(
    [
        "", "<html>", "null", "[]", "\"text\"", "{}", Complete().ToJsonString()[..^1],
        .. Required.Select(name => With(name, null)),
        .. Required.Select(name => With(name, "text")),
        .. ((string[])["cx", "duration", "size", "created_at"]).Select(name => With(name, "text")),
        With("status", "lost"), With("error", 1), With("width", 1.5), With("height", 1L << 40),
    ]);

    // The serializer changes to generated code after some calls; a null image once became an empty one there.
    [Fact]
    public async Task Result_without_an_image_stays_without_one_however_often_it_is_written()
    {
        for (var i = 0; i < 50; i++)
        {
            using var content = JsonContent.Create(new FractalResult { Checksum = "c", Size = 1 }, FaafoJson.Default.FractalResult);
            var json = await content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("image", json, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Invalid_fractal_is_rejected(string json) => await Assert.ThrowsAsync<JsonException>(() => ReadAsync(json));

    [Fact]
    public async Task Field_of_a_later_API_is_ignored()
    {
        var json = Complete();
        json.Insert(0, "later", new JsonObject { ["uuid"] = "no", ["more"] = new JsonArray(1, 2) });

        Assert.Equal(7, (await ReadAsync(json.ToJsonString()))!.Width);
    }

    private static Task<Fractal?> ReadAsync(string json) => new ApiSerializer().FromHttpContentAsync<Fractal>(
        new ByteArrayContent(Encoding.UTF8.GetBytes(json)), TestContext.Current.CancellationToken);

    private static string With(string name, JsonNode? value)
    {
        var json = Complete();
        json[name] = value;
        return json.ToJsonString();
    }

    private static JsonObject Complete() => new()
    {
        ["height"] = 5,
        ["iterations"] = 6,
        ["uuid"] = "3b1bbd6c-2f3a-4c1d-8c1c-0a2a35c2bd1e",
        ["width"] = 7,
        ["xa"] = -1,
        ["xb"] = 1,
        ["ya"] = -1,
        ["yb"] = 1,
    };
}
