using System.Globalization;
using System.Text.Json;
using Faafo.Cli.Commands;
using Faafo.Fractals;
using Faafo.TestKit.OpenStack;
using Faafo.Tests.Api;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.Cli.Commands;

/// <summary>show, get and delete.</summary>
public sealed class FractalCommandTests(TestApi api) : IClassFixture<TestApi>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-get-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Show_prints_the_rows_of_the_original_first()
    {
        var fractal = new Fractal
        {
            Uuid = Guid.Parse("11111111-2222-4333-8444-555555555555"),
            Width = 649,
            Height = 869,
            Iterations = 200,
            Xa = -1.5,
            Xb = 2.25,
            Ya = -1.25,
            Yb = 1.1,
            Duration = 1.67141,
            Size = 26283,
            Checksum = "5d4f39cc1ea70b5cc3bbb21b3f07d6d1f4b0c43b7b2a1e5b0c0b7f9f2f7b7a55",
            GeneratedBy = "w7",
            Status = FractalStatus.Done,
            Cx = -0.5,
            Cy = 0.5,
            CreatedAt = DateTimeOffset.Parse("2026-01-02T04:04:05+01:00", CultureInfo.InvariantCulture),
            FinishedAt = DateTimeOffset.Parse("2026-01-02T03:04:07Z", CultureInfo.InvariantCulture),
        };
        using var text = new StringWriter();
        ShowCommand.WriteTable(text, fractal);

        Assert.Equal("""
            +--------------+------------------------------------------------------------------+
            | Parameter    | Value                                                            |
            +--------------+------------------------------------------------------------------+
            | uuid         | 11111111-2222-4333-8444-555555555555                             |
            | duration     | 1.671410 seconds                                                 |
            | dimensions   | 649 x 869 pixels                                                 |
            | iterations   | 200                                                              |
            | xa           | -1.5                                                             |
            | xb           | 2.25                                                             |
            | ya           | -1.25                                                            |
            | yb           | 1.1                                                              |
            | size         | 26283 bytes                                                      |
            | checksum     | 5d4f39cc1ea70b5cc3bbb21b3f07d6d1f4b0c43b7b2a1e5b0c0b7f9f2f7b7a55 |
            | generated_by | w7                                                               |
            | status       | done                                                             |
            | cx           | -0.5                                                             |
            | cy           | 0.5                                                              |
            | error        | -                                                                |
            | created_at   | 2026-01-02 03:04:05Z                                             |
            | finished_at  | 2026-01-02 03:04:07Z                                             |
            +--------------+------------------------------------------------------------------+

            """, text.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Show_works_for_a_pending_fractal()
    {
        var run = await FaafoRun.OfAsync(api.Endpoint, "show", $"{await api.CreateAsync()}");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"\| duration     \| - +\|\n", run.Output);
        Assert.Matches(@"\| status       \| queued +\|\n", run.Output);
    }

    [Fact]
    public async Task Show_in_JSON_prints_the_object_of_the_API()
    {
        var uuid = await TestPicture.CreateAsync(api);
        var run = await FaafoRun.OfAsync(api.Endpoint, "show", $"{uuid}", "--output", "json");

        Assert.Equal(await api.Client.FindAsync(uuid, Cancelled), JsonSerializer.Deserialize(run.Output, FaafoJson.Default.Fractal));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("get")]
    [InlineData("delete")]
    public async Task Missing_fractal_is_exit_code_1(string command)
    {
        var uuid = Guid.NewGuid();

        Assert.Equal(new FaafoRun(1, "", $"there is no fractal {uuid}\n"), await FaafoRun.OfAsync(api.Endpoint, command, $"{uuid}"));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("get")]
    [InlineData("delete")]
    public async Task Proxy_without_a_route_is_not_a_missing_fractal(string command)
    {
        await using var proxy = await FaultyApi.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("default backend - 404", context.RequestAborted);
        });

        var run = await FaafoRun.OfAsync(proxy.Endpoint, command, $"{Guid.NewGuid()}");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal($"{proxy.Endpoint} responded 404 Not Found: this is not a Faafo API, or a proxy without a route to one\n", run.Error);
    }

    [Fact]
    public async Task Get_saves_the_picture_and_keeps_an_existing_file()
    {
        var uuid = await TestPicture.CreateAsync(api);
        var path = Path.Combine(_folder, "a.png");
        var saved = await FaafoRun.OfAsync(api.Endpoint, "get", $"{uuid}", "-o", path);
        await File.WriteAllTextAsync(path, "mine", Cancelled);
        var refused = await FaafoRun.OfAsync(api.Endpoint, "get", $"{uuid}", "-o", path);
        var kept = await File.ReadAllTextAsync(path, Cancelled);
        var forced = await FaafoRun.OfAsync(api.Endpoint, "get", $"{uuid}", "-o", path, "--force");

        Assert.Equal(new FaafoRun(0, "", $"{path}: 300 x 260 pixels, 12 bytes\n"), saved);
        Assert.Equal(new FaafoRun(1, "", $"{path} exists already: give --force to replace it\n"), refused);
        Assert.Equal("mine", kept);
        Assert.Equal(0, forced.ExitCode);
        Assert.Equal(TestPicture.Png, await File.ReadAllBytesAsync(path, Cancelled));
    }

    [Fact]
    public async Task Get_names_the_file_after_the_fractal()
    {
        var uuid = await TestPicture.CreateAsync(api);
        try
        {
            Assert.Equal(0, (await FaafoRun.OfAsync(api.Endpoint, "get", $"{uuid}")).ExitCode);
            Assert.Equal(TestPicture.Png, await File.ReadAllBytesAsync($"{uuid}.png", Cancelled));
        }
        finally
        {
            File.Delete($"{uuid}.png");
        }
    }

    [Fact]
    public async Task Get_writes_to_stdout()
    {
        using var bytes = new MemoryStream();
        var run = await FaafoRun.OfAsync(api.Endpoint, bytes, null, "get", $"{await TestPicture.CreateAsync(api)}", "-o", "-");

        Assert.Equal(new FaafoRun(0, "", ""), run);
        Assert.Equal(TestPicture.Png, bytes.ToArray());
    }

    [Fact]
    public async Task Get_of_a_pending_or_failed_fractal_reports_its_state()
    {
        var pending = await api.CreateAsync();
        var failed = await api.CreateAsync();
        await TestPicture.FailAsync(api, failed, "no memory");

        Assert.Equal($"fractal {pending} is not rendered yet: queued\n", await GetErrorAsync(pending));
        Assert.Equal($"fractal {failed} failed: no memory\n", await GetErrorAsync(failed));
    }

    [Fact]
    public async Task Get_of_a_damaged_picture_leaves_no_file()
    {
        var uuid = await TestPicture.CreateAsync(api);
        await TestPicture.SpoilAsync(api, uuid);

        Assert.StartsWith($"the picture of fractal {uuid} is damaged", await GetErrorAsync(uuid), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("-")]
    public async Task Get_starts_over_at_the_next_API_when_a_download_breaks_off(string file)
    {
        var uuid = await TestPicture.CreateAsync(api);
        var time = new SkippingTime();
        await using var failing = await FailingDownloads.StartAsync((await api.Client.FindAsync(uuid, Cancelled))!, downloads: 2);
        using var bytes = new MemoryStream();
        var path = file == "-" ? file : Path.Combine(_folder, file);

        var run = await FaafoRun.OfAsync(failing.Endpoint, bytes, null, time, "get", $"{uuid}", "-o", path);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(TestPicture.Png, file == "-" ? bytes.ToArray() : await File.ReadAllBytesAsync(path, Cancelled));
        Assert.Equal(file == "-" ? [] : [path], Directory.EnumerateFileSystemEntries(_folder));
        Assert.Equal([200, 400], time.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task Get_leaves_no_file_when_all_downloads_break_off()
    {
        var uuid = await TestPicture.CreateAsync(api);
        var time = new SkippingTime();
        var fractal = (await api.Client.FindAsync(uuid, Cancelled))!;
        await using var failing = await FailingDownloads.StartAsync(fractal, downloads: int.MaxValue);

        var run = await FaafoRun.OfAsync(failing.Endpoint, Stream.Null, null, time, "get", $"{uuid}", "-o", Path.Combine(_folder, "a.png"));

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("cannot reach the API", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        Assert.Equal(5, time.Pauses.Count);
    }

    [Fact]
    public async Task Download_without_progress_times_out()
    {
        await using var hanging = await FaultyApi.StartAsync(async context =>
        {
            context.Response.ContentLength = TestPicture.Png.Length;
            await context.Response.Body.WriteAsync(TestPicture.Png.AsMemory(0, 6), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var client = FaafoClient.Connect(hanging.Endpoint, timeout: TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => client.CopyImageAsync(Guid.NewGuid(), Stream.Null, Cancelled));

        Assert.EndsWith(": no response within 1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_to_a_full_disk_is_an_error_of_the_disk()
    {
        var uuid = await TestPicture.CreateAsync(api);
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        await Assert.ThrowsAsync<IOException>(() => api.Client.CopyImageAsync(uuid, full, Cancelled));
    }

    [Fact]
    public async Task Get_into_a_missing_folder_or_over_a_device_fails()
    {
        var uuid = await TestPicture.CreateAsync(api);
        var nowhere = await FaafoRun.OfAsync(api.Endpoint, "get", $"{uuid}", "-o", Path.Combine(_folder, "no", "a.png"));
        var device = await FaafoRun.OfAsync(api.Endpoint, "get", $"{uuid}", "-o", "/dev/null", "--force");

        Assert.Equal(1, nowhere.ExitCode);
        Assert.Single(nowhere.ErrorLines);
        Assert.Equal(1, device.ExitCode);
        Assert.StartsWith("/dev/null is a device", device.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_deletes_all_and_names_the_missing_one()
    {
        var one = await api.CreateAsync();
        var two = await api.CreateAsync();
        var missing = Guid.NewGuid();
        var run = await FaafoRun.OfAsync(api.Endpoint, "delete", $"{one}", $"{missing}", $"{two}");

        Assert.Equal(new FaafoRun(1, "", $"there is no fractal {missing}\n2 deleted\n"), run);
        Assert.Null(await api.Client.FindAsync(one, Cancelled));
        Assert.Null(await api.Client.FindAsync(two, Cancelled));
    }

    /// <summary>Gets into an empty folder, which must be empty afterwards.</summary>
    private async Task<string> GetErrorAsync(Guid uuid, Uri? endpoint = null)
    {
        var run = await FaafoRun.OfAsync(endpoint ?? api.Endpoint, "get", $"{uuid}", "-o", Path.Combine(_folder, "a.png"));
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        return run.Error;
    }
}
