using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace Faafo.Tests.Api;

/// <summary>Every call with a body rejects what it cannot read, and explains why.</summary>
public sealed class MalformedBodyTests(TestApi api) : IClassFixture<TestApi>
{
    private static readonly string[] Calls =
    [
        "POST v1/fractal", "PUT v1/fractal/11111111-2222-4333-8444-555555555555", "PUT v1/nodes/w-malformed", "PUT v1/groups/worker",
    ];

    // Escapes stand for bytes: text is sent as Latin-1.
    private static readonly string[] Bodies =
    [
        """{"uuid":"\ud800aaaa-2222-4333-8444-555555555555"}""",
        """{"uuid":"\udc00\ud800","generated_by":"\ud800","role":"\ud800","group":"\ud800"}""",
        """{"error":"\ud83d","note":"\ud83d","role":"worker","group":"worker","replace":["\ud83d"]}""",
        """{"\ud800":1}""",
        """{"\ud800":"\ud800","role":"\udfff","group":"\udfff"}""",
        "{\"uuid\":\"\xff\xfe\",\"error\":\"\xc3(\",\"role\":\"\xed\xa0\x80\",\"group\":\"\xf8\"}",
        "{\"\xff\":1,\"role\":7,\"group\":7}",
        "{\"role\":\"a\0b\",\"group\":\"a\0b\",\"error\":\"a\0b\"}",
        "\0",
        "\xef\xbb\xbf{}",
        "\xef\xbb\xbf",
        "\xff\xfe{\0}\0",
        "{\0}\0",
        "",
        " ",
        "null",
        "[]",
        "[null]",
        "7",
        "\"text\"",
        "{",
        "{}}",
        "{\"role\":}",
        """{"width":1e999,"duration":1e999,"load_average":{"one":1e999,"five":0,"fifteen":0},"role":"worker","group":"w","size":1e999}""",
        """{"width":12345678901234567890,"duration":"1","role":"worker","slots":12345678901234567890,"group":"worker","size":1.5}""",
        """{"uuid":null,"checksum":null,"role":null,"group":null}""",
        """{"group":"worker","paused":false,"size":null,"replace":[null],"role":null}""",
        """{"group":"worker","paused":false,"size":null,"replace":["a\u0000b"],"role":null}""",
        string.Concat(Enumerable.Repeat("[", 5000)),
        string.Concat(Enumerable.Repeat("{\"a\":", 5000)),
        $"{{\"role\":{string.Concat(Enumerable.Repeat("[", 100))}{string.Concat(Enumerable.Repeat("]", 100))}}}",
        $"\"{new string('a', 60_000)}\"",
        $"{{\"{new string('a', 60_000)}\":1}}",
        $"{{\"uuid\":\"{new string('a', 60_000)}\"}}",
    ];

    public static TheoryData<string, string> Malformed => [.. Calls.SelectMany(_ => Bodies, (call, body) => (call, body))];

    public static TheoryData<string> EveryCall => [.. Calls];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public async Task Malformed_body_is_rejected_with_400_and_the_reason(string call, string body)
    {
        using var response = await SendAsync(call, body, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = await TestApi.JsonAsync(response);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("errors").EnumerateArray());
        Assert.InRange(problem.GetRawText().Length, 1, 70_000);
    }

    [Theory]
    [MemberData(nameof(EveryCall))]
    public async Task Body_in_an_encoding_other_than_utf8_is_rejected_with_415(string call)
    {
        foreach (var charset in (string[])["bogus", "utf-16", "iso-8859-1", "\"utf-7\""])
        {
            using var response = await SendAsync(call, "{}", $"application/json; charset={charset}");

            Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            Assert.Contains("UTF-8", (await TestApi.JsonAsync(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        foreach (var charset in (string[])["utf-8", "UTF-8", "\"utf-8\"", "us-ascii"])
        {
            using var response = await SendAsync(call, "{}", $"application/json; charset={charset}");

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);       // read; fields are missing
        }
    }

    [Theory]
    [InlineData("GET", "v1/fractal?page=%ED%A0%80", 400)]
    [InlineData("GET", "v1/fractal?page=1,0", 400)]
    [InlineData("GET", "v1/fractal?page=%201", 400)]
    [InlineData("GET", "v1/fractal?page=1e1", 400)]
    [InlineData("GET", "v1/fractal?page=%EF%BC%91", 400)]
    [InlineData("GET", "v1/fractal?page=99999999999999999999", 400)]
    [InlineData("GET", "v1/fractal?results_per_page=%FF%FE", 400)]
    [InlineData("GET", "v1/fractal?results_per_page=0x10", 400)]
    [InlineData("GET", "v1/fractal?after=%FF%FE", 400)]
    [InlineData("GET", "v1/fractal?after=%00", 400)]
    [InlineData("GET", "v1/haproxy.cfg?bind=%ED%A0%80", 400)]
    [InlineData("GET", "v1/haproxy.cfg?user=%FF", 400)]
    [InlineData("GET", "v1/fractal/%ED%A0%80", 404)]
    [InlineData("GET", "fractal/%FF", 404)]
    [InlineData("DELETE", "v1/fractal/%FF", 404)]
    [InlineData("DELETE", "v1/nodes/%ED%A0%80", 404)]
    [InlineData("POST", "v1/nodes/%FF/drain", 404)]
    [InlineData("DELETE", "v1/nodes/%ED%A0%80/drain", 404)]
    [InlineData("GET", "index/%FF", 404)]
    public async Task Address_that_is_not_valid_text_is_an_error_of_the_client(string verb, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(path, UriKind.Relative));
        using var response = await api.Http.SendAsync(request, Token);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    private async Task<HttpResponseMessage> SendAsync(string call, string body, string contentType)
    {
        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        var (verb, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(path, UriKind.Relative)) { Content = content };
        return await api.Http.SendAsync(request, Token);
    }
}
