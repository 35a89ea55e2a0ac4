using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>
/// Input that crashed the workers of the original Faafo (openstack-archive/faafo) or kept them busy forever, sent to the API and to the
/// queue.
/// </summary>
public sealed class BadInputTests(TestServers servers) : FlockTest(servers)
{
    private const string Good = """
        {"uuid": "UUID", "width": 64, "height": 48, "iterations": 64, "xa": -1.5, "xb": 1.5, "ya": -1.0, "yb": 1.0}
        """;

    // An invalid body, and the field that the error must name.
    private static readonly (string Body, string Field)[] Invalid =
    [
        (Good.Replace("64, \"height", "0, \"height", StringComparison.Ordinal), "width"),
        (Good.Replace("48", "0", StringComparison.Ordinal), "height"),
        (Good.Replace("48", "-48", StringComparison.Ordinal), "height"),
        (Good.Replace("48", "\"48\"", StringComparison.Ordinal), "height"),
        (Good.Replace("48", "48.5", StringComparison.Ordinal), "height"),
        (Good.Replace("48", "null", StringComparison.Ordinal), "height"),
        (Good.Replace("48", "[48]", StringComparison.Ordinal), "height"),
        (Good.Replace("48", "16385", StringComparison.Ordinal), "height"),
        (Good.Replace("64, \"height\": 48", "2147483647, \"height\": 2147483647", StringComparison.Ordinal), "width"),
        (Good.Replace("\"iterations\": 64", "\"iterations\": 0", StringComparison.Ordinal), "iterations"),
        (Good.Replace("\"iterations\": 64", "\"iterations\": -5", StringComparison.Ordinal), "iterations"),
        (Good.Replace("\"iterations\": 64", "\"iterations\": 65536", StringComparison.Ordinal), "iterations"),
        (Good.Replace("\"iterations\": 64, ", "", StringComparison.Ordinal), "iterations"),
        (Good.Replace("-1.5", "1e7", StringComparison.Ordinal), "xa"),
        (Good.Replace("-1.5", "1e400", StringComparison.Ordinal), "xa"),
        (Good.Replace("-1.5", "\"NaN\"", StringComparison.Ordinal), "xa"),
        (Good.Replace("UUID", "not a uuid", StringComparison.Ordinal), "uuid"),
        (Good.Replace("{", "{\"colour\": \"red\", ", StringComparison.Ordinal), "colour"),
        (Good.Replace("}", "", StringComparison.Ordinal), "body"),
        ($"[{Good}]", "body"),
        ("null", "body"),
        ("", "body"),
        ("width=64&height=48", "body"),
    ];

    [Fact]
    public async Task Invalid_task_is_rejected_with_field_and_limit_and_leaves_nothing()
    {
        await Flock.StartApiAsync();
        foreach (var (body, field) in Invalid)
        {
            using var response = await PostAsync(Filled(body));

            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{body}: {response.StatusCode}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
            Assert.Contains(problem.GetProperty("errors").EnumerateArray(), error => error.GetProperty("field").GetString() == field
                && error.GetProperty("limit").GetString()!.Length > 0);
            Assert.Equal(problem.GetProperty("detail").GetString(), problem.GetProperty("message").GetString());
        }
        using var plainText = await PostAsync(Filled(Good), "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plainText.StatusCode);

        // A valid task at the end: once it is on the queue, earlier ones would be there too.
        var uuid = Guid.NewGuid();
        using var accepted = await PostAsync(Filled(Good, uuid));
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        using var duplicate = await PostAsync(Filled(Good, uuid));
        Assert.Equal(HttpStatusCode.BadRequest, duplicate.StatusCode);
        await Eventually.GetAsync("the queue", token => Flock.Vhost.CountAsync("normal", token), count => count == 1);
        Assert.Equal([uuid], await Flock.Database.QueryAsync<Guid>("select uuid from fractals", null, Token));
        Assert.Equal(0, await Flock.Database.CountAsync("select count(*) from outbox", Token));
    }

    [Fact]
    public async Task Edge_case_that_broke_the_original_is_drawn()
    {
        await Flock.StartApiAsync();
        await Flock.StartWorkerAsync("worker-1", slots: 2);
        string[] edges =
        [
            Good.Replace("64, \"height\": 48", "1, \"height\": 1", StringComparison.Ordinal),
            Good.Replace("64, \"height\": 48", "1, \"height\": 48", StringComparison.Ordinal),
            Good.Replace("64, \"height\": 48", "64, \"height\": 1", StringComparison.Ordinal),
            Good.Replace("64, \"height\": 48", "16384, \"height\": 1", StringComparison.Ordinal),
            Good.Replace("\"iterations\": 64", "\"iterations\": 1", StringComparison.Ordinal),
            Good.Replace("\"iterations\": 64", "\"iterations\": 11", StringComparison.Ordinal),
            """{"uuid": "UUID", "width": 64, "height": 48, "iterations": 64, "xa": 0.0, "xb": 0.0, "ya": 0.0, "yb": 0.0}""",
            """{"uuid": "UUID", "width": 64, "height": 48, "iterations": 64, "xa": 5e5, "xb": 1e6, "ya": 1e6, "yb": -1e6}""",
            """{"uuid": "UUID", "width": 64, "height": 48, "iterations": 65535, "xa": 1.5, "xb": -1.5, "ya": 1.0, "yb": -1.0}""",
        ];

        foreach (var edge in edges)
        {
            using var response = await PostAsync(Filled(edge));
            Assert.True(response.StatusCode == HttpStatusCode.Created, $"{edge}: {response.StatusCode}");
        }

        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(60));
        await Flock.AssertAllDoneAsync(edges.Length);
    }

    [Fact]
    public async Task Invalid_message_is_dead_lettered_with_its_reason_and_the_worker_continues()
    {
        await Flock.StartApiAsync();
        var worker = await Flock.StartWorkerAsync("worker-1", slots: 2);
        string[] bad =
        [
            .. Invalid.Where(input => input.Field != "colour").Select(input => Filled(input.Body)),
            "{}", "[]", "[1, 2, 3]", "42", "\"text\"", "true", "\0\u0001\u0002",
            """{"uuid":"\ud800aaaa-2222-4333-8444-555555555555"}""", """{"\ud800":1}""", """{"checksum":"\udc00"}""",
        ];

        await Flock.Vhost.PublishAsync(bad, Token);
        var task = TestTasks.Quick();
        await Flock.Api.CreateAsync(task, Token);

        await Flock.WaitForAsync(task.Uuid, FractalStatus.Done);
        await Eventually.GetAsync("dead letters", token => Flock.Vhost.CountAsync("tasks.dead", token), count => count == bad.Length);
        var dead = await Flock.Vhost.TakeDeadLettersAsync(Token);
        Assert.Equal(bad.Order(), dead.Select(letter => letter.Body).Order());
        Assert.All(dead, letter => Assert.NotEmpty(letter.Reason));
        Assert.Contains(dead, letter => letter.Reason == "height must be a whole number from 1 to 16384 (got -48)");
        Assert.False(worker.HasExited);
        await Flock.AssertAllDoneAsync(1);
    }

    [Fact]
    public async Task Invalid_message_that_names_a_row_marks_the_row_as_failed()
    {
        await Flock.StartApiAsync();
        var task = TestTasks.Quick();
        await Flock.Api.CreateAsync(task, Token);
        await Eventually.GetAsync("the message", token => Flock.Vhost.GetAsync("normal", token), message => message is not null);
        var bad = Filled(Good.Replace("48", "0", StringComparison.Ordinal), task.Uuid);
        await Flock.Vhost.PublishAsync([bad], Token);

        await Flock.StartWorkerAsync("worker-1", slots: 1);
        var failed = await Flock.WaitForAsync(task.Uuid, FractalStatus.Failed);

        Assert.Contains("height", failed!.Error, StringComparison.Ordinal);
        Assert.NotNull(failed.FinishedAt);
        await Eventually.GetAsync("a dead letter", token => Flock.Vhost.CountAsync("tasks.dead", token), count => count == 1);
        Assert.Equal(bad, (await Flock.Vhost.TakeDeadLettersAsync(Token)).Single().Body);
        Assert.Empty(Flock.ReadImages());
        await Flock.AssertNothingWaitsAsync();
    }

    private static string Filled(string body, Guid? uuid = null) =>
        body.Replace("UUID", (uuid ?? Guid.NewGuid()).ToString("D", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task<HttpResponseMessage> PostAsync(string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        return await Flock.Http.PostAsync(new Uri("v1/fractal", UriKind.Relative), content, Token);
    }
}
