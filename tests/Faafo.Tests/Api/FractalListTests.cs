using System.Net;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class FractalListTests(TestApi api) : IClassFixture<TestApi>, IAsyncLifetime
{
    private readonly List<Guid> _created = [];

    public async ValueTask InitializeAsync()
    {
        if (await api.Client.ListAsync(TestContext.Current.CancellationToken).AnyAsync(TestContext.Current.CancellationToken))
        {
            return;
        }
        for (var i = 0; i < 23; i++)
        {
            _created.Add(await api.CreateAsync());
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Pages_are_ordered_by_uuid_and_contain_every_row_once()
    {
        var seen = new List<string>();
        for (var page = 1; page <= 4; page++)
        {
            var body = await PageAsync($"page={page}&results_per_page=7");
            Assert.Equal((23, page, 4), (body.Count, body.Page, body.Pages));
            seen.AddRange(body.Uuids);
        }

        Assert.Equal(23, seen.Count);
        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
    }

    [Fact]
    public async Task Page_past_the_end_is_empty_and_default_pages_have_ten_rows()
    {
        Assert.Empty((await PageAsync("page=99")).Uuids);
        Assert.Empty((await PageAsync("page=2147483647&results_per_page=100")).Uuids);
        Assert.Equal(10, (await PageAsync("")).Uuids.Count);
    }

    [Fact]
    public async Task Links_lead_to_the_next_and_the_last_page()
    {
        using var response = await api.Http.GetAsync("v1/fractal?results_per_page=10", TestContext.Current.CancellationToken);
        var link = response.Headers.GetValues("Link").Single();
        using var last = await api.Http.GetAsync("v1/fractal?results_per_page=10&page=3", TestContext.Current.CancellationToken);

        Assert.Matches("^<http://127.0.0.1:\\d+/v1/fractal\\?page=2&results_per_page=10&after=[0-9a-f-]{36}>; rel=\"next\", "
            + "<http://127.0.0.1:\\d+/v1/fractal\\?page=3&results_per_page=10>; rel=\"last\"$", link);
        Assert.DoesNotContain("next", last.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page=abc", "page")]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=99999999999", "page")]
    [InlineData("results_per_page=x", "results_per_page")]
    [InlineData("after=x", "after")]
    public async Task Invalid_page_is_rejected(string query, string field)
    {
        using var response = await api.Http.GetAsync($"v1/fractal?{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, (await TestApi.JsonAsync(response)).GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Following_the_links_returns_every_row_once_while_others_are_added()
    {
        var before = (await PageAsync("results_per_page=100")).Uuids;
        var returned = new List<string>();
        await foreach (var fractal in api.Client.ListAsync(TestContext.Current.CancellationToken, resultsPerPage: 5))
        {
            returned.Add(fractal.Uuid.ToString());
            if (returned.Count % 5 == 1)
            {
                // A new first row shifts every page by one: offsets would show a row twice.
                var early = Guid.Parse($"00000000-0000-4000-8000-{returned.Count:D12}");
                using var created = await api.PostAsync(TestApi.Request(early));
                Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            }
        }
        for (var i = 1; i <= returned.Count; i += 5)
        {
            await api.Client.DeleteAsync(Guid.Parse($"00000000-0000-4000-8000-{i:D12}"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(returned.Distinct(), returned);
        Assert.Superset(before.ToHashSet(), returned.ToHashSet());
    }

    private async Task<(int Count, int Page, int Pages, List<string> Uuids)> PageAsync(string query)
    {
        using var response = await api.Http.GetAsync($"v1/fractal?{query}", TestContext.Current.CancellationToken);
        var body = await TestApi.JsonAsync(response);
        List<string> uuids = [.. body.GetProperty("objects").EnumerateArray().Select(row => row.GetProperty("uuid").GetString()!)];
        return (body.GetProperty("num_results").GetInt32(), body.GetProperty("page").GetInt32(),
            body.GetProperty("total_pages").GetInt32(), uuids);
    }
}
