using System.Text.Json;
using System.Text.RegularExpressions;
using Faafo.Fractals;
using Faafo.TestKit;
using Faafo.Tests.Api;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.Cli.Commands;

public sealed partial class CreateCommandTests(TestApi api) : IClassFixture<TestApi>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_sends_and_prints_the_given_values()
    {
        var run = await FaafoRun.OfAsync(api.Endpoint, "create", "--tasks", "1", "--height", "738", "--width", "295", "--iterations", "200",
            "--xa", "-1.5", "--xb", "2.25", "--ya", "-1.25", "--yb", "1.1", "--cx", "-0.5", "--cy", "0.5", "--seed", "20260102");
        var uuid = Guid.Parse(Uuids().Match(run.Output).Value);
        var fractal = (await api.Client.FindAsync(uuid, Cancelled))!;

        Assert.Equal(new FaafoRun(0, $"""
            +--------------------------------------+----------------------+------------+
            | UUID                                 | Dimensions           | Iterations |
            +--------------------------------------+----------------------+------------+
            | {uuid} | 295 x 738 pixels     | 200        |
            +--------------------------------------+----------------------+------------+

            """.ReplaceLineEndings("\n"), "1 accepted, 0 refused\n"), run);
        Assert.Equal((738, 295, 200), (fractal.Height, fractal.Width, fractal.Iterations));
        Assert.Equal((-1.5, 2.25, -1.25, 1.1, -0.5, 0.5), (fractal.Xa, fractal.Xb, fractal.Ya, fractal.Yb, fractal.Cx, fractal.Cy));
    }

    [Fact]
    public async Task Create_draws_values_that_are_not_given()
    {
        var run = await FaafoRun.OfAsync(api.Endpoint,
            "create", "--min-height", "1", "--max-height", "4", "--max-width", "300", "--output", "json");
        var accepted = Accepted(run);

        Assert.InRange(accepted.Length, 1, 10);
        Assert.All(accepted, fractal =>
        {
            Assert.InRange(fractal.Height, 1, 4);
            Assert.InRange(fractal.Width, 256, 300);
            Assert.InRange(fractal.Xa, -4, -1);
            Assert.NotNull(fractal.Cx);
        });
    }

    [Fact]
    public async Task Create_with_the_same_seed_repeats_the_tasks_and_the_API_refuses_them()
    {
        string[] args = ["create", "--tasks", "40", "--seed", "1"];
        var first = await FaafoRun.OfAsync(api.Endpoint, args);
        var again = await FaafoRun.OfAsync(api.Endpoint, args);
        var uuids = Uuids().Matches(first.Output).Select(match => match.Value).ToArray();

        Assert.Equal((0, "40 accepted, 0 refused\n"), (first.ExitCode, first.Error));
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.Equal([.. uuids.Select(uuid => $"refused: uuid {uuid} exists already"), "0 accepted, 40 refused"], again.ErrorLines);
    }

    [Fact]
    public async Task Create_in_JSON_lists_accepted_and_refused_tasks_separately()
    {
        await FaafoRun.OfAsync(api.Endpoint, "create", "--tasks", "1", "--seed", "2");
        var run = await FaafoRun.OfAsync(api.Endpoint, "create", "--tasks", "2", "--seed", "2", "--output", "json");
        using var document = JsonDocument.Parse(run.Output);
        var refused = document.RootElement.GetProperty("refused");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(FractalStatus.Queued, Assert.Single(Accepted(run)).Status);
        Assert.Equal($"uuid {refused[0].GetProperty("uuid").GetString()} exists already", refused[0].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Create_keeps_the_order_of_many_tasks()
    {
        var one = await FaafoRun.OfAsync(api.Endpoint, "create", "--tasks", "200", "--seed", "3", "--output", "json");
        var fractals = Accepted(one);

        Assert.Equal(200, fractals.Length);
        Assert.Equal(fractals.Select(fractal => fractal.Uuid), Drawn(seed: 3, count: 200));
    }

    [Fact]
    public async Task Create_waits_until_all_are_done()
    {
        var running = FaafoRun.OfAsync(api.Endpoint, "create", "--tasks", "2", "--seed", "4", "--wait", "--output", "json");
        foreach (var uuid in Drawn(seed: 4, count: 2))
        {
            await AcceptedAsync(uuid);
            await TestPicture.FinishAsync(api, uuid);
        }
        var run = await running;

        Assert.Equal(0, run.ExitCode);
        Assert.All(Accepted(run), fractal => Assert.Equal(FractalStatus.Done, fractal.Status));
        Assert.Equal("2 of 2 finished, 0 failed", run.ErrorLines[^1]);
    }

    [Fact]
    public async Task Create_with_wait_fails_when_a_fractal_failed_or_was_deleted()
    {
        var running = FaafoRun.OfAsync(api.Endpoint, "create", "--tasks", "3", "--seed", "5", "--wait");
        var uuids = Drawn(seed: 5, count: 3);
        var done = uuids[0];
        var failed = uuids[1];
        var deleted = uuids[2];
        await AcceptedAsync(done);
        await AcceptedAsync(failed);
        await AcceptedAsync(deleted);
        await TestPicture.FailAsync(api, failed, "no memory");
        await api.Client.DeleteAsync(deleted, Cancelled);
        await TestPicture.FinishAsync(api, done);
        var run = await running;

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["3 of 3 finished, 2 failed", $"{failed}: failed: no memory", $"{deleted}: deleted"], run.ErrorLines[^3..]);
    }

    [Fact]
    public async Task Create_retries_at_a_busy_API_and_counts_a_task_that_it_kept_as_accepted()
    {
        var posts = 0;
        await using var busy = await FaultyApi.StartAsync(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.StatusCode = Interlocked.Increment(ref posts) == 1 ? 503 : 400;
                return;
            }
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(JsonSerializer.Serialize(Kept(context), FaafoJson.Default.Fractal), context.RequestAborted);
        });
        var run = await FaafoRun.OfAsync(busy.Endpoint, "create", "--tasks", "1");

        Assert.Equal((0, 2, "1 accepted, 0 refused\n"), (run.ExitCode, posts, run.Error));
    }

    [Fact]
    public async Task Create_prints_the_tasks_that_were_accepted_before_an_outage()
    {
        var posts = 0;
        await using var failing = await FaultyApi.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref posts) > 3)
            {
                context.Abort();
                return;
            }
            var task = (await context.Request.ReadFromJsonAsync(FaafoJson.Default.NewFractal, context.RequestAborted))!;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(JsonSerializer.Serialize(Of(task.Uuid), FaafoJson.Default.Fractal), context.RequestAborted);
        });
        var run = await FaafoRun.OfAsync(failing.Endpoint, "create", "--tasks", "500");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(3, Uuids().Count(run.Output));
        Assert.Equal("3 accepted, 0 refused", run.ErrorLines[0]);
        Assert.StartsWith("cannot reach the API at", run.ErrorLines[1], StringComparison.Ordinal);
        Assert.InRange(posts, 4, 100);
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Uuids();

    private static Fractal Kept(HttpContext context) => Of(Guid.Parse(context.Request.Path.Value!.Split('/')[^1]));

    private static Fractal Of(Guid uuid) => new() { Uuid = uuid, Width = 1, Height = 1, Iterations = 1, Xa = 0, Xb = 1, Ya = 0, Yb = 1 };

    private static Fractal[] Accepted(FaafoRun run)
    {
        using var document = JsonDocument.Parse(run.Output);
        return [.. document.RootElement.GetProperty("accepted").EnumerateArray().Select(o => o.Deserialize(FaafoJson.Default.Fractal)!)];
    }

    /// <summary>The uuids that a seed gives with the default ranges and this number of tasks.</summary>
    private static Guid[] Drawn(int seed, int count)
    {
        var random = new Random(seed);
        _ = random.Next(count, count + 1);
        var generator = new Faafo.Cli.FractalGenerator(
            new(256, 1024), new(256, 1024), new(128, 512), new(-1, -4), new(1, 4), new(-0.5, -3), new(0.5, 3), IsRepeatable: true);
        return [.. Enumerable.Range(0, count).Select(_ => generator.Draw(random).Uuid)];
    }

    private Task AcceptedAsync(Guid uuid) =>
        Eventually.TrueAsync($"{uuid} is accepted", async stop => await api.Client.FindAsync(uuid, stop) is not null);
}
