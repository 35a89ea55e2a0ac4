using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Faafo.Fractals;
using Faafo.Images;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class GalleryTests(TestApi api) : IClassFixture<TestApi>
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 1, 2, 3, 4];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_page_has_the_newest_five_fractals_and_the_pages_link_to_each_other()
    {
        var before = Number(await PageAsync(""), @"<b>([\d,]+)</b> fractals? drawn");
        var finished = new List<Guid>();
        for (var n = 0; n < 6; n++)
        {
            finished.Insert(0, await FinishAsync());
        }
        var waiting = await api.CreateAsync();
        var first = await PageAsync("");
        var second = await PageAsync("index/2");

        Assert.Equal(finished[..5], Pictures(first));
        Assert.Equal(finished[5], Pictures(second)[0]);
        Assert.DoesNotContain($"{waiting}", first, StringComparison.Ordinal);
        Assert.Equal(before + 6, Number(first, @"<b>([\d,]+)</b> fractals drawn"));
        Assert.Contains("<a rel=\"next\" href=\"/index/2\">", first, StringComparison.Ordinal);
        Assert.Contains("<a rel=\"prev\" href=\"/index/1\">", second, StringComparison.Ordinal);
        // The first page reloads while fractals are waiting; later pages stay still for their readers.
        Assert.Contains("http-equiv=\"refresh\"", first, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv=\"refresh\"", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_after_the_last_says_so_and_links_back()
    {
        await FinishAsync();

        var page = await PageAsync("index/1000000");

        Assert.Matches("<p class=\"none\">Page 1000000 does not exist; there (are \\d+ pages|is only 1 page)\\.</p>", page);
        Assert.Empty(Pictures(page));
        Assert.True(Number(page, "rel=\"prev\" href=\"/index/(\\d+)\"") < 1000);
    }

    [Fact]
    public async Task Text_of_nodes_is_encoded_and_the_page_loads_nothing_from_other_hosts()
    {
        await FinishAsync("<script>alert(1)</script>");
        using var response = await api.Http.GetAsync("", Token);
        var page = await response.Content.ReadAsStringAsync(Token);

        Assert.Contains("by &lt;script&gt;alert(1)&lt;/script&gt; in", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.All(Regex.Matches(page, "(?:src|href)=\"([^\"]*)\"").Select(m => m.Groups[1].Value),
            address => Assert.True(address.StartsWith('/') || address.StartsWith("data:", StringComparison.Ordinal), address));
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("index")]
    [InlineData("index/1")]
    [InlineData("healthz")]
    [InlineData("readyz")]
    public async Task Head_works_where_get_does(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await api.Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<string> PageAsync(string path) => api.Http.GetStringAsync(path, Token);

    private static Guid[] Pictures(string page) =>
        [.. Regex.Matches(page, "<img src=\"/fractal/([^\"]+)\"").Select(m => Guid.Parse(m.Groups[1].Value))];

    private static int Number(string page, string pattern) =>
        int.Parse(Regex.Match(page, pattern).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private async Task<Guid> FinishAsync(string node = "worker-1")
    {
        var uuid = await api.CreateAsync();
        var stored = await ImageStore.Open(api.State.ImageStoreUrl)
            .WriteAsync(uuid, (stream, stop) => stream.WriteAsync(Png, stop).AsTask(), Token);
        Assert.True(await api.Client.PutResultAsync(uuid, new FractalResult
        {
            Uuid = uuid,
            Duration = 0.25,
            Checksum = stored.Checksum,
            Size = stored.Size,
            GeneratedBy = node,
        }, Token));
        return uuid;
    }
}
