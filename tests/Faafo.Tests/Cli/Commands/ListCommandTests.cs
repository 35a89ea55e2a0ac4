using System.Text.Json;
using Faafo.Tests.Api;
using Xunit;

namespace Faafo.Tests.Cli.Commands;

public sealed class ListCommandTests : IAsyncLifetime
{
    private readonly TestApi _api = new();

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task List_prints_sizes_or_the_status_of_pending_fractals()
    {
        var done = await TestPicture.CreateAsync(_api);
        var queued = await _api.CreateAsync();
        var failed = await _api.CreateAsync();
        await TestPicture.FailAsync(_api, failed, "no memory");
        var run = await FaafoRun.OfAsync(_api.Endpoint, "list");
        string[] rows =
        [
            $"| {done} | 300 x 260 pixels     | 12 bytes        |",
            $"| {queued} | 300 x 260 pixels     | queued          |",
            $"| {failed} | 300 x 260 pixels     | failed          |",
        ];
        Array.Sort(rows, StringComparer.Ordinal);

        Assert.Equal(new FaafoRun(0, $"""
            +--------------------------------------+----------------------+-----------------+
            | UUID                                 | Dimensions           | Filesize        |
            +--------------------------------------+----------------------+-----------------+
            {rows[0]}
            {rows[1]}
            {rows[2]}
            +--------------------------------------+----------------------+-----------------+

            """.ReplaceLineEndings("\n"), ""), run);
    }

    [Fact]
    public async Task List_without_fractals_is_an_empty_table_or_array()
    {
        var table = await FaafoRun.OfAsync(_api.Endpoint, "list");

        Assert.Equal(4, table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("[]\n", (await FaafoRun.OfAsync(_api.Endpoint, "list", "--output", "json")).Output);
    }

    [Fact]
    public async Task List_follows_the_pages_to_the_end()
    {
        await FaafoRun.OfAsync(_api.Endpoint, "create", "--tasks", "201");
        var table = await FaafoRun.OfAsync(_api.Endpoint, "list");
        var json = await FaafoRun.OfAsync(_api.Endpoint, "list", "--output", "json");
        using var document = JsonDocument.Parse(json.Output);
        var fractals = document.RootElement.EnumerateArray().Select(o => o.Deserialize(FaafoJson.Default.Fractal)!).ToArray();

        Assert.Equal(201, fractals.Length);
        var rows = table.Output.Split('\n').Where(line => line.Contains("pixels", StringComparison.Ordinal));
        Assert.Equal(fractals.Select(fractal => fractal.Uuid.ToString()), rows.Select(line => line.Substring(2, 36)));
    }
}
