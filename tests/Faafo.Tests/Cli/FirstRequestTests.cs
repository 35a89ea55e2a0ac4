using System.Net;
using System.Net.Sockets;
using System.Text;
using Faafo.Cli;
using Faafo.Fractals;
using Faafo.TestKit;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.Cli;

public sealed class FirstRequestTests
{
    private const string Problem404 =
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\n\r\n{\"type\":\"urn:faafo:problem:no-such-fractal\",";

    private static readonly NewFractal Order = new(Guid.NewGuid(), 3, 2, 10, -1, 1, -1, 1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_first_request_goes_over_a_connection_of_its_own()
    {
        var protocols = new List<string>();
        await using var api = await FaultyApi.StartAsync(async context =>
        {
            protocols.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Protocol}");
            await AcceptAsync(context);
        });
        var client = Client(api.Endpoint);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Order.Uuid, (await client.CreateAsync(Order, Cancelled)).Uuid);
        }

        Assert.Equal(["POST /v1/fractal HTTP/1.0", "POST /v1/fractal HTTP/1.1", "POST /v1/fractal HTTP/1.1"], protocols);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(426)]
    [InlineData(505)]
    public async Task A_server_that_wants_it_otherwise_is_asked_again_the_usual_way(int status)
    {
        var orders = new List<string>();
        await using var api = await FaultyApi.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            orders.Add($"{context.Request.Path} {context.Request.ContentType} {await reader.ReadToEndAsync(context.RequestAborted)}");
            if (context.Request.Protocol == "HTTP/1.0")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/v1/fractal";
                return;
            }
            await AcceptAsync(context);
        });

        Assert.Equal(Order.Uuid, (await Client(api.Endpoint).CreateAsync(Order, Cancelled)).Uuid);
        var order = $"/v1/fractal application/json {Encoding.UTF8.GetString(OrderJson.Write(Order))}";
        Assert.Equal([order, order], orders);
    }

    [Fact]
    public async Task An_answer_of_any_length_is_read_whole_with_its_headers()
    {
        var page = $$"""{"num_results":1,"objects":[],"page":1,"total_pages":2,"more":"{{new string('x', 100_000)}}"}""";
        var asked = new List<string>();
        await using var api = await FaultyApi.StartAsync(async context =>
        {
            asked.Add(context.Request.QueryString.Value!);
            context.Response.ContentType = "application/json";
            context.Response.Headers.Link = asked.Count == 1 ? "<http://elsewhere/v1/fractal?page=2>; rel=\"next\"" : "";
            await context.Response.WriteAsync(page, context.RequestAborted);
        });

        Assert.Empty(await Client(api.Endpoint).ListAsync(Cancelled).ToListAsync(Cancelled));
        Assert.Equal(["?page=1&results_per_page=100", "?page=2"], asked);
    }

    [Theory]
    [InlineData("", "the connection was closed without an answer")]
    [InlineData("SSH-2.0-OpenSSH_10.0\r\n", "the answer is not HTTP")]
    [InlineData("HTTP/1.1 2", "the answer is not HTTP")]
    [InlineData("HTTP/1.1 two OK\r\n\r\n", "the answer is not HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", "the answer broke off after 2 of 10 bytes")]
    public async Task What_is_no_answer_is_one_sentence(string answer, string sentence)
    {
        var (endpoint, _) = Answering(answer);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => Client(endpoint).GetQueueAsync(Cancelled));

        Assert.Equal((0, $"cannot reach the API at {endpoint.AbsoluteUri.TrimEnd('/')}: {sentence}"), (error.Status, error.Message));
    }

    [Theory]
    [InlineData("HTTP/1.0 503 Busy Now\r\n\r\n", 503, " answered 503 Busy Now")]
    [InlineData("HTTP/1.1 404\r\nx\r\n\r\n", 404, " answered 404 Not Found: this is not a Faafo API, or a proxy without a route to one")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n\r\n"
        + "{\"type\":\"urn:faafo:problem:invalid-request\",\"status\":400,\"detail\":\"width must be less\"}", 400, "width must be less")]
    public async Task A_refusal_says_what_the_server_says(string answer, int status, string sentence)
    {
        var (endpoint, _) = Answering(answer);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => Client(endpoint).GetQueueAsync(Cancelled));

        Assert.Equal(status, error.Status);
        Assert.EndsWith(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_says_whom_it_asks()
    {
        var (endpoint, asked) = Answering("HTTP/1.1 204 No Content\r\n\r\n");

        await Client(new Uri(endpoint, "/below")).DeleteAsync(Order.Uuid, Cancelled);

        Assert.Equal($"DELETE /below/v1/fractal/{Order.Uuid} HTTP/1.0\r\nHost: {endpoint.Authority}\r\n\r\n", await asked);
    }

    [Theory]
    [InlineData("::1", "127.0.0.1")]
    [InlineData("127.0.0.2", "::1", "127.0.0.1")]
    public async Task A_name_of_several_addresses_is_asked_where_somebody_listens(params string[] addresses)
    {
        var (endpoint, asked) = Answering("HTTP/1.1 200 OK\r\n\r\n{}");

        await Client($"http://many:{endpoint.Port}", name => Task.FromResult<IPAddress[]>(name == "many" ? [.. addresses.Select(IPAddress.Parse)] : [])).GetQueueAsync(Cancelled);

        Assert.StartsWith($"GET /v1/queue HTTP/1.0\r\nHost: many:{endpoint.Port}\r\n", await asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_or_listens_at_is_one_sentence()
    {
        var refused = await Assert.ThrowsAsync<FaafoApiException>(() => Client("http://many:1",
            _ => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback])).GetQueueAsync(Cancelled));
        var unknown = await Assert.ThrowsAsync<FaafoApiException>(() => Client("http://nobody:1",
            _ => throw new SocketException((int)SocketError.HostNotFound)).GetQueueAsync(Cancelled));

        Assert.Equal("cannot reach the API at http://many:1: Connection refused", refused.Message);
        Assert.Equal("cannot reach the API at http://nobody:1: Name or service not known", unknown.Message);
    }

    [Fact]
    public async Task A_secret_address_goes_the_usual_way_at_once()
    {
        var (endpoint, asked) = Answering("");

        await Assert.ThrowsAsync<FaafoApiException>(() => Client(new UriBuilder(endpoint) { Scheme = "https" }.Uri).GetQueueAsync(Cancelled));

        Assert.Equal('\x16', (await asked)[0]);      // a TLS handshake (RFC 8446, section 5.1)
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        using var silent = Listen();

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => Client(Endpoint(silent), TimeSpan.FromSeconds(1)).GetQueueAsync(Cancelled));

        Assert.EndsWith(": no answer within 1 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\ndefault backend - 404", false)]
    [InlineData(Problem404 + "\"status\":404}", false)]
    [InlineData(Problem404 + "\"status\":404,\"detail\":\"there is no fractal\",\"resource\":\"UUID\"}", true)]
    public async Task A_404_says_that_there_is_no_fractal_only_in_the_APIs_own_words(string answer, bool believed)
    {
        var (endpoint, _) = Answering(answer.Replace("UUID", $"{Order.Uuid}", StringComparison.Ordinal));
        var finding = Client(endpoint).FindAsync(Order.Uuid, Cancelled);

        if (believed)
        {
            Assert.Null(await finding);
            return;
        }
        Assert.Equal(404, (await Assert.ThrowsAsync<FaafoApiException>(() => finding)).Status);
    }

    [Fact]
    public async Task A_server_that_begins_an_answer_and_does_not_end_it_is_given_up()
    {
        await using var hanging = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{");
        await using var trickling = RawServer.Trickling("HTTP/1.1 200 OK\r\n\r\n");

        foreach (var server in (RawServer[])[hanging, trickling])
        {
            var client = Client(server.Endpoint, TimeSpan.FromSeconds(1));
            var error = await Assert.ThrowsAsync<FaafoApiException>(() => client.GetQueueAsync(Cancelled));
            Assert.EndsWith(": no answer within 1 s", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_answer_without_end_does_not_fill_the_memory()
    {
        var part = new byte[1 << 20];
        await using var server = new RawServer(async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync(part, stop);
            }
        });

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => Client(server.Endpoint).GetQueueAsync(Cancelled));

        Assert.EndsWith("answered with more than 64 MiB: this is not a Faafo API", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_interrupted()
    {
        using var silent = Listen();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var waiting = Task.Run(() => Client(Endpoint(silent)).GetQueueAsync(interrupt.Token), Cancelled);
        using var accepted = await silent.AcceptSocketAsync(Cancelled);
        Assert.NotEqual(0, await accepted.ReceiveAsync(new byte[1000], Cancelled));

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_wait_for_a_name_server_ends_when_it_is_interrupted()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var asked = new TaskCompletionSource();
        var waiting = Client("http://unheard-of:1", _ =>
        {
            asked.SetResult();
            return new TaskCompletionSource<IPAddress[]>().Task;
        }).GetQueueAsync(interrupt.Token);
        await asked.Task.WaitAsync(Cancelled);

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static FaafoClient Client(Uri endpoint) => Client(endpoint, FaafoClient.DefaultTimeout);

    private static FaafoClient Client(string endpoint, Func<string, Task<IPAddress[]>> resolve) => Client(new Uri(endpoint), FaafoClient.DefaultTimeout, resolve);

    private static FaafoClient Client(Uri endpoint, TimeSpan patience, Func<string, Task<IPAddress[]>>? resolve = null) =>
        FaafoClient.Connect(endpoint, new FirstRequest(() => FaafoClient.Connections(8), patience, resolve ?? Dns.GetHostAddressesAsync), patience);

    private static async Task AcceptAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"uuid":"{{Order.Uuid}}","width":3,"height":2,"iterations":10,"xa":-1,"xb":1,"ya":-1,"yb":1}""", context.RequestAborted);
    }

    /// <summary>A server that reads one request, says something, and closes.</summary>
    private static (Uri Endpoint, Task<string> Asked) Answering(string answer)
    {
        var listener = Listen();
        return (Endpoint(listener), AnswerAsync());

        async Task<string> AnswerAsync()
        {
            using (listener)
            using (var connection = await listener.AcceptSocketAsync(Cancelled))
            {
                var asked = new byte[4096];
                var length = await connection.ReceiveAsync(asked, Cancelled);
                await connection.SendAsync(Encoding.Latin1.GetBytes(answer), Cancelled);
                connection.Shutdown(SocketShutdown.Send);
                return Encoding.Latin1.GetString(asked, 0, length);
            }
        }
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static Uri Endpoint(TcpListener listener) => new($"http://{listener.LocalEndpoint}");
}
