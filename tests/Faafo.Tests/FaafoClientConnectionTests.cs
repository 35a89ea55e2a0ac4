using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.Http;
using Faafo.Tests.Cli;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests;

/// <summary>The client over real connections: name lookup, TLS, redirects, and servers that end a response early or never.</summary>
public sealed class FaafoClientConnectionTests
{
    private static readonly NewFractal Task3x2 = new(Guid.NewGuid(), 3, 2, 10, -1, 1, -1, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_names_host_path_and_body()
    {
        var (endpoint, requested) = Responding("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");

        await FaafoClient.Connect(new Uri(endpoint, "/below")).DeleteAsync(Task3x2.Uuid, Token);

        var head = $"DELETE /below/v1/fractal/{Task3x2.Uuid} HTTP/1.1\r\nHost: {endpoint.Authority}\r\n";
        Assert.StartsWith(head, await requested, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_is_sent_as_the_generated_code_writes_it()
    {
        var requests = new List<string>();
        await using var api = await FaultyApi.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            requests.Add($"{context.Request.ContentLength} {await reader.ReadToEndAsync(context.RequestAborted)}");
            await AcceptAsync(context);
        });

        Assert.Equal(Task3x2.Uuid, (await FaafoClient.Connect(api.Endpoint).CreateAsync(Task3x2, Token)).Uuid);

        var json = JsonSerializer.Serialize(Task3x2, FaafoJson.Default.NewFractal);
        Assert.Equal([$"{json.Length} {json}"], requests);
    }

    [Fact]
    public async Task Redirect_is_followed_with_the_body()
    {
        var requests = new List<string>();
        await using var api = await FaultyApi.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            requests.Add($"{context.Request.Path} {await reader.ReadToEndAsync(context.RequestAborted)}");
            if (requests.Count == 1)
            {
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = "/moved";
                return;
            }
            await AcceptAsync(context);
        });

        Assert.Equal(Task3x2.Uuid, (await FaafoClient.Connect(api.Endpoint).CreateAsync(Task3x2, Token)).Uuid);

        var json = JsonSerializer.Serialize(Task3x2, FaafoJson.Default.NewFractal);
        Assert.Equal([$"/v1/fractal {json}", $"/moved {json}"], requests);
    }

    [Fact]
    public async Task Next_link_with_another_host_is_followed_on_the_same_API()
    {
        var page = $$"""{"num_results":1,"objects":[],"page":1,"total_pages":2,"more":"{{new string('x', 100_000)}}"}""";
        var queries = new List<string>();
        await using var api = await FaultyApi.StartAsync(async context =>
        {
            queries.Add(context.Request.QueryString.Value!);
            context.Response.ContentType = "application/json";
            var next = $"<http://elsewhere/v1/fractal?page=2&results_per_page=100&after={Task3x2.Uuid}>; rel=\"next\"";
            context.Response.Headers.Link = queries.Count == 1 ? $"{next}, <http://elsewhere/>; rel=\"last\"" : "";
            await context.Response.WriteAsync(page, context.RequestAborted);
        });

        Assert.Empty(await FaafoClient.Connect(api.Endpoint).ListAsync(Token).ToListAsync(Token));

        Assert.Equal(["?page=1&results_per_page=100", $"?page=2&results_per_page=100&after={Task3x2.Uuid}"], queries);
    }

    [Theory]
    [InlineData("H", "The response ended prematurely")]
    [InlineData("SSH-2.0-OpenSSH_10.0\r\n", "invalid status line")]
    [InlineData("HTTP/1.1 2", "The response ended prematurely")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", "The response ended prematurely")]
    public async Task Broken_response_is_one_sentence(string response, string reason)
    {
        var (endpoint, _) = Responding(response);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => FaafoClient.Connect(endpoint).GetQueueAsync(Token));

        Assert.Equal(0, error.Status);
        Assert.StartsWith($"cannot reach the API at {endpoint.AbsoluteUri.TrimEnd('/')}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.0 503 Busy Now\r\n\r\n", 503, " responded 503 Busy Now")]
    [InlineData("HTTP/1.1 404\r\nx: y\r\n\r\n", 404, ": this is not a Faafo API, or a proxy without a route to one")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n\r\n"
        + "{\"type\":\"urn:faafo:problem:invalid-request\",\"status\":400,\"detail\":\"width must be less\"}", 400, "width must be less")]
    public async Task Error_status_becomes_the_message_of_the_server(string response, int status, string sentence)
    {
        var (endpoint, _) = Responding(response);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => FaafoClient.Connect(endpoint).GetQueueAsync(Token));

        Assert.Equal(status, error.Status);
        Assert.EndsWith(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_with_several_addresses_connects_where_a_server_listens()
    {
        // localhost is ::1 and 127.0.0.1; this server listens at the second one only.
        var (endpoint, requested) = Responding("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");

        await FaafoClient.Connect(new Uri($"http://localhost:{endpoint.Port}")).GetQueueAsync(Token);

        Assert.StartsWith($"GET /v1/queue HTTP/1.1\r\nHost: localhost:{endpoint.Port}\r\n", await requested, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Https_begins_with_a_TLS_handshake()
    {
        var (endpoint, requested) = Responding("");
        var secure = new UriBuilder(endpoint) { Scheme = "https" }.Uri;

        await Assert.ThrowsAsync<FaafoApiException>(() => FaafoClient.Connect(secure).GetQueueAsync(Token));

        Assert.Equal('\x16', (await requested)[0]);      // RFC 8446, section 5.1
    }

    [Fact]
    public async Task Cancellation_ends_a_wait_for_a_response()
    {
        using var silent = Listen();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var waiting = FaafoClient.Connect(Endpoint(silent)).GetQueueAsync(interrupt.Token);
        using var accepted = await silent.AcceptSocketAsync(Token);
        Assert.NotEqual(0, await accepted.ReceiveAsync(new byte[1000], Token));

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait_for_a_name_server()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var lookup = new TaskCompletionSource();
        using var handler = HttpConnections.Create();
        handler.ConnectCallback = async (_, _) =>
        {
            lookup.SetResult();
            await Task.Delay(Timeout.Infinite, Token);      // getaddrinfo ignores every cancellation
            throw new IOException();
        };
        var waiting = FaafoClient.Connect(new Uri("http://unknown:1"), handler, FaafoClient.DefaultTimeout).GetQueueAsync(interrupt.Token);
        await lookup.Task.WaitAsync(Token);

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static async Task AcceptAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            $$"""{"uuid":"{{Task3x2.Uuid}}","width":3,"height":2,"iterations":10,"xa":-1,"xb":1,"ya":-1,"yb":1}""", context.RequestAborted);
    }

    /// <summary>A server that reads one request, writes a response, and closes the connection.</summary>
    private static (Uri Endpoint, Task<string> Requested) Responding(string response)
    {
        var listener = Listen();
        return (Endpoint(listener), RespondAsync());

        async Task<string> RespondAsync()
        {
            using (listener)
            using (var connection = await listener.AcceptSocketAsync(Token))
            {
                var request = new byte[4096];
                var length = await connection.ReceiveAsync(request, Token);
                await connection.SendAsync(Encoding.Latin1.GetBytes(response), Token);
                connection.Shutdown(SocketShutdown.Send);
                return Encoding.Latin1.GetString(request, 0, length);
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
