using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests;

/// <summary>Which responses are those of an API and which are not: proxies, silence, and bodies without end.</summary>
public sealed class FaafoClientTests
{
    private static readonly Guid Uuid = Guid.Parse("11111111-2222-4333-8444-555555555555");

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private static readonly FractalResult Result = new()
    {
        Uuid = Uuid,
        Duration = 1,
        Checksum = new string('a', 64),
        Size = 7,
        GeneratedBy = "w1",
    };

    private static readonly Dictionary<string, Func<IFaafoApi, Task<object?>>> Calls = new()
    {
        ["find"] = async api => await api.FindAsync(Uuid, Token),
        ["delete"] = async api => await api.DeleteAsync(Uuid, Token),
        ["report"] = async api => await api.PutResultAsync(Uuid, Result, Token),
        ["report failure"] = async api => await api.PutResultAsync(Uuid, new FractalResult { Uuid = Uuid, Error = "no memory" }, Token),
        ["copy"] = async api => await api.CopyImageAsync(Uuid, Stream.Null, Token),
        ["drain"] = async api => await api.DrainNodeAsync("w1", drain: true, Token),
        ["undrain"] = async api => await api.DrainNodeAsync("w1", drain: false, Token),
        ["forget"] = async api => await api.ForgetNodeAsync("w1", Token),
        ["create"] = async api => await api.CreateAsync(new NewFractal(Uuid, 3, 2, 10, -1, 1, -1, 1), Token),
        ["list"] = async api => await api.ListAsync(Token).ToListAsync(Token),
        ["queue"] = async api => await api.GetQueueAsync(Token),
        ["nodes"] = async api => await api.GetNodesAsync(Token),
        ["heartbeat"] = async api => await api.PutNodeAsync("w1", new NodeReport { Role = "worker" }, Token),
        ["groups"] = async api => await api.GetGroupsAsync(Token),
        ["override"] = async api => await api.PutGroupAsync(new GroupOverrides("worker", Paused: true, null), Token),
    };

    // Responses of proxies and other servers: status, content type, body.
    private static readonly Dictionary<string, (int Status, string? Type, string Body)> Foreign = new()
    {
        ["a proxy without a route"] = (404, "text/plain", "default backend - 404"),
        ["a 404 without a body"] = (404, null, ""),
        ["the original's 404"] = (404, "application/json", """{"code":404,"message":"Not found"}"""),
        ["another service's problem"] = (404, Problem.MediaType, """{"type":"about:blank","status":404,"detail":"no route"}"""),
        ["a problem as plain JSON"] = (404, "application/json", Document(404, Problem.NoSuchFractal, $"{Uuid}")),
        ["a problem under another status"] = (404, Problem.MediaType, Document(410, Problem.NoSuchFractal, $"{Uuid}")),
        ["a fractal's problem without its uuid"] = (404, Problem.MediaType, Document(404, Problem.NoSuchFractal, null)),
        ["the problem of another fractal"] = (404, Problem.MediaType, Document(404, Problem.NoSuchFractal, $"{Guid.Empty}")),
        ["the problem of another node"] = (404, Problem.MediaType, Document(404, Problem.NoSuchNode, "w2")),
        ["an API below another path"] = (404, Problem.MediaType, Document(404, Problem.TypeOf(404), null)),
        ["a path that has no uuid"] = (404, Problem.MediaType, Document(404, Problem.InvalidUuid, null)),
        ["a page"] = (200, "text/html", "<html>sign in</html>"),
        ["a page that calls itself JSON"] = (200, "application/json", "<html>sign in</html>"),
        ["null"] = (200, "application/json", "null"),
        ["an accepted request"] = (202, null, ""),
        ["a redirect that leads nowhere"] = (302, "text/html", "<html>moved</html>"),
        ["a request for credentials"] = (401, "text/html", "<html>who are you</html>"),
        ["a refusal of a firewall"] = (403, "text/html", "<html>blocked</html>"),
        ["a conflict of something else"] = (409, "application/json", "{}"),
        ["a limit of a proxy"] = (413, "text/html", "<html>too large</html>"),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> CallsAndForeignResponses =>
        new(Calls.Keys.SelectMany(call => Foreign.Keys.Select(response => (call, response))));

    public static TheoryData<string> CallNames => new(Calls.Keys);

    [Theory]
    [MemberData(nameof(CallsAndForeignResponses))]
    public async Task Response_of_another_server_is_neither_success_nor_a_refusal(string call, string response)
    {
        var (status, type, body) = Foreign[response];

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => Calls[call](Responding(status, type, body)));

        Assert.Equal((status, null, false), (error.Status, error.Type, error.IsRefusal));
        Assert.Contains("this is not a Faafo API, or a proxy without a route to one", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("find", Problem.NoSuchFractal, null)]
    [InlineData("delete", Problem.NoSuchFractal, false)]
    [InlineData("report", Problem.NoSuchFractal, false)]
    [InlineData("report failure", Problem.NoSuchFractal, false)]
    [InlineData("copy", Problem.NoSuchFractal, false)]
    [InlineData("copy", Problem.NoSuchImage, false)]
    [InlineData("drain", Problem.NoSuchNode, false)]
    [InlineData("undrain", Problem.NoSuchNode, false)]
    [InlineData("forget", Problem.NoSuchNode, false)]
    public async Task Problem_document_of_the_API_means_none(string call, string type, object? none)
    {
        var resource = type == Problem.NoSuchNode ? "w1" : $"{Uuid}";

        Assert.Equal(none, await Calls[call](Responding(404, Problem.MediaType, Document(404, type, resource))));
    }

    [Theory]
    [InlineData("find", Problem.NoSuchNode)]
    [InlineData("find", Problem.NoSuchImage)]
    [InlineData("report", Problem.NoSuchImage)]
    [InlineData("delete", Problem.NoSuchImage)]
    [InlineData("drain", Problem.NoSuchFractal)]
    [InlineData("forget", Problem.NoSuchImage)]
    public async Task Problem_document_of_another_kind_does_not_mean_none(string call, string type)
    {
        var document = Document(404, type, call is "drain" or "forget" ? "w1" : $"{Uuid}");

        await Assert.ThrowsAsync<FaafoApiException>(() => Calls[call](Responding(404, Problem.MediaType, document)));
    }

    [Fact]
    public async Task Fractal_with_another_uuid_or_result_is_rejected()
    {
        var other = Row(FractalStatus.Done) with { Uuid = Guid.NewGuid() };
        var failed = Row(FractalStatus.Failed) with { Checksum = null };
        await Assert.ThrowsAsync<FaafoApiException>(() => Calls["find"](Responding(other)));
        await Assert.ThrowsAsync<FaafoApiException>(() => Calls["create"](Responding(other)));
        await Assert.ThrowsAsync<FaafoApiException>(() => Calls["report"](Responding(other)));
        await Assert.ThrowsAsync<FaafoApiException>(() => Calls["report"](Responding(failed)));
        await Assert.ThrowsAsync<FaafoApiException>(() =>
            Calls["report"](Responding(other with { Uuid = Uuid, Checksum = new string('b', 64) })));
        await Assert.ThrowsAsync<FaafoApiException>(() =>
            Calls["report failure"](Responding(failed with { Status = FractalStatus.Queued })));

        Assert.Equal(true, await Calls["report"](Responding(Row(FractalStatus.Done))));
        Assert.Equal(true, await Calls["report failure"](Responding(failed)));
    }

    [Theory]
    [MemberData(nameof(CallNames))]
    public async Task Response_that_ends_with_its_headers_times_out(string call)
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n");

        // A call without a body, or with one of another type, is rejected at once.
        await TimesOutAsync(server, call,
            call is "delete" or "drain" or "undrain" or "forget" or "copy" ? "this is not a Faafo API" : "no response within 0.3 s");
    }

    [Theory]
    [MemberData(nameof(CallNames))]
    public async Task Error_without_its_body_times_out(string call)
    {
        await using var server = RawServer.Saying(
            "HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nContent-Length: 100\r\n\r\n{\"type\"");

        await TimesOutAsync(server, call, "no response within 0.3 s");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"ready\"")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"rea\r\n")]
    [InlineData("HTTP/1.1 200")]
    public async Task Half_a_response_times_out(string half)
    {
        await using var server = RawServer.Saying(half);

        await TimesOutAsync(server, "queue", "no response within 0.3 s");
    }

    [Fact]
    public async Task Response_that_trickles_without_end_times_out()
    {
        await using var server = RawServer.Trickling("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");

        await TimesOutAsync(server, "queue", "no response within 0.3 s");
    }

    [Fact]
    public async Task Server_that_accepts_no_connection_times_out()
    {
        await using var server = new RawServer(null);

        await TimesOutAsync(server, "heartbeat", "no response within 0.3 s");
    }

    [Fact]
    public async Task Response_without_end_does_not_fill_the_memory()
    {
        var endless = new EndlessStream();

        var client = Client(_ => new HttpResponseMessage { Content = new StreamContent(endless) });

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => client.GetQueueAsync(Token));

        Assert.EndsWith("responded with more than 64 MiB: this is not a Faafo API", error.Message, StringComparison.Ordinal);
        Assert.InRange(endless.Passed, 64 << 20, 66 << 20);
    }

    [Fact]
    public async Task Unknown_charset_is_ignored() => Assert.Equal(new HeartbeatResponse(true),
        await Calls["heartbeat"](Responding(200, "application/json; charset=bogus", """{"drain":true}""")));

    [Fact]
    public async Task Every_exception_but_the_callers_cancellation_becomes_an_error_of_the_API()
    {
        foreach (var failure in (Exception[])[
            new IOException("reset"), new HttpRequestException("refused"), new ObjectDisposedException("socket"),
            new InvalidOperationException("odd"), new NotSupportedException("odd"),
            new TaskCanceledException("A task was canceled.", new TimeoutException("the connection was not made in time"))])
        {
            var error = await Assert.ThrowsAsync<FaafoApiException>(() => Calls["queue"](Client(_ => throw failure)));
            Assert.Equal((0, true), (error.Status, error.IsTransient));
        }

        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client(_ =>
        {
            cancelled.Cancel();
            throw new IOException("the connection was closed by the cancellation");
        }).GetQueueAsync(cancelled.Token));
    }

    [Theory]
    [InlineData("nodes", "[null]")]
    [InlineData("nodes", """[{"state":"ready","drain":false,"last_seen":"2030-01-01T00:00:00Z"}]""")]
    [InlineData("groups", "[{}]")]
    [InlineData("list", "{}")]
    [InlineData("list", """{"objects":[null]}""")]
    [InlineData("heartbeat", "{}")]
    [InlineData("override", "{}")]
    public async Task Other_JSON_is_rejected(string call, string body) =>
        await Assert.ThrowsAsync<FaafoApiException>(() => Calls[call](Responding(200, "application/json", body)));

    [Theory]
    [InlineData(200, "ok", true)]
    [InlineData(200, "<html>ok</html>", false)]
    [InlineData(503, "ok", false)]
    public async Task API_is_ready_when_it_responds_ok(int status, string body, bool ready) =>
        Assert.Equal(ready, await Responding(status, "text/plain", body).IsReadyAsync(Token));

    [Fact]
    public void Picture_of_the_largest_size_fits_into_the_body_of_its_report()
    {
        var image = new byte[FractalResult.LargestImage];
        Array.Fill(image, (byte)0xfb);       // "+/v7" in base64, which JSON may want to escape
        var body = JsonSerializer.SerializeToUtf8Bytes(
            Result with { Image = image, Size = image.Length, GeneratedBy = new string('w', 255) }, FaafoJson.Default.FractalResult);

        Assert.InRange(body.Length, image.Length, FractalResult.LongestBody);
    }

    private static async Task TimesOutAsync(RawServer server, string call, string reason)
    {
        var error = await Assert.ThrowsAsync<FaafoApiException>(() => Calls[call](FaafoClient.Connect(server.Endpoint, timeout: Short)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsRefusal);
    }

    private static string Document(int status, string type, string? resource) => JsonSerializer.Serialize(
        new Problem("Not Found", status, "there is no such thing") { Type = type, Resource = resource }, FaafoJson.Default.Problem);

    private static Fractal Row(FractalStatus status) => new()
    {
        Uuid = Uuid,
        Width = 3,
        Height = 2,
        Iterations = 10,
        Xa = -1,
        Xb = 1,
        Ya = -1,
        Yb = 1,
        Status = status,
        Checksum = Result.Checksum,
    };

    private static IFaafoApi Responding(Fractal row) =>
        Responding(200, "application/json", JsonSerializer.Serialize(row, FaafoJson.Default.Fractal));

    private static IFaafoApi Responding(int status, string? type, string body) => Client(_ =>
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    });

    private static IFaafoApi Client(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        FaafoClient.Connect(new Uri("http://api.test/"), new Canned(answer), TimeSpan.FromSeconds(60));

    private sealed class Canned(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.Run(() => answer(request), cancellationToken);
    }

    private sealed class EndlessStream : Stream
    {
        public long Passed { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Passed += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Passed += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
