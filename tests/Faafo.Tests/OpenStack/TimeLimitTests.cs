using Faafo.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Every wait for a service has a time limit and ends with one of the library's exceptions.</summary>
public sealed class TimeLimitTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PastIdle = TimeSpan.FromSeconds(61);
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Calls =>
        ["download", "head", "head of a container", "upload", "list of objects", "bulk delete", "servers"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_without_a_response_times_out(string call)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted();
        await using var client = Client(cloud, server);

        var running = CallAsync(client, call);
        await server.ReceivedAsync(Ct);
        _time.Advance(PastIdle);

        var error = await Assert.ThrowsAsync<NoAnswerException>(() => running);
        Assert.True(error.MayHaveArrived);
        Assert.Contains("within 60 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("download"), InlineData("upload"), InlineData("servers")]
    public async Task Error_whose_body_never_ends_times_out(string call)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted("HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n<html>");
        await using var client = Client(cloud, server);

        var running = CallAsync(client, call);
        await server.ReceivedAsync(Ct);

        await Assert.ThrowsAsync<NoAnswerException>(() => AdvanceUntilDoneAsync(running));
    }

    [Fact]
    public async Task Streamed_call_without_a_response_is_retried()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted("", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: abc\r\n\r\n");
        await using var client = Client(cloud, server, attempts: 2);

        var running = client.ObjectStorage.GetObjectAsync("c", "o", Ct);
        await server.ReceivedAsync(Ct);
        _time.Advance(PastIdle);

        Assert.Equal("abc", (await running).ETag);
    }

    [Fact]
    public async Task Stalled_download_times_out()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: abc\r\n\r\nhello");
        await using var client = Client(cloud, server);
        await using var download = await client.ObjectStorage.DownloadObjectAsync("c", "o", cancellationToken: Ct);
        var buffer = new byte[100];
        await download.Content.ReadExactlyAsync(buffer.AsMemory(0, 5), Ct);

        var read = download.Content.ReadAsync(buffer, Ct).AsTask();
        _time.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.False(read.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<NoAnswerException>(() => read);
        Assert.Contains("no byte of the body arrived within 60 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slow_download_or_reader_does_not_time_out()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: abc\r\n\r\n");
        await using var client = Client(cloud, server);
        await using var download = await client.ObjectStorage.DownloadObjectAsync("c", "o", cancellationToken: Ct);
        var buffer = new byte[1];
        foreach (var letter in "hello")
        {
            var read = download.Content.ReadAsync(buffer, Ct).AsTask();
            _time.Advance(Idle - TimeSpan.FromSeconds(1));
            await server.WriteAsync(letter.ToString(), Ct);
            Assert.Equal(1, await read);
            Assert.Equal((byte)letter, buffer[0]);
            _time.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(0, await download.Content.ReadAsync(buffer, Ct));
    }

    [Fact]
    public async Task Download_whose_connection_is_lost_fails()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Closing("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: abc\r\n\r\nhello");
        await using var client = Client(cloud, server);
        await using var download = await client.ObjectStorage.DownloadObjectAsync("c", "o", cancellationToken: Ct);

        var error = await Assert.ThrowsAsync<NoAnswerException>(() => download.Content.CopyToAsync(Stream.Null, Ct));

        Assert.Equal(ServiceType.ObjectStore, error.Service);
    }

    [Fact]
    public async Task Cancelled_reader_gets_only_the_cancellation()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: abc\r\n\r\n");
        await using var client = Client(cloud, server);
        await using var download = await client.ObjectStorage.DownloadObjectAsync("c", "o", cancellationToken: Ct);
        using var stop = new CancellationTokenSource();

        var read = download.Content.ReadAsync(new byte[1], stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task Upload_that_the_service_does_not_read_times_out()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted("HTTP/1.1 100 Continue\r\n\r\n");
        await using var client = Client(cloud, server);
        var block = new byte[1 << 20];

        var running = client.ObjectStorage.UploadObjectAsync("c", "o", async (target, token) =>
        {
            while (true)
            {
                await target.WriteAsync(block, token);
            }
        }, cancellationToken: Ct);
        await server.ReceivedAsync(Ct);

        await Assert.ThrowsAsync<NoAnswerException>(() => AdvanceUntilDoneAsync(running));
    }

    [Fact]
    public async Task Upload_with_a_slow_source_does_not_time_out()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = new OpenStackClient(cloud.Config, new OpenStackClientOptions { TimeProvider = _time, MaxAttempts = 1 });
        var (started, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());

        var running = client.ObjectStorage.UploadObjectAsync("c", "o", async (target, token) =>
        {
            await target.WriteAsync("hel"u8.ToArray(), token);
            started.SetResult();
            await goOn.Task;
            await target.WriteAsync("lo"u8.ToArray(), token);
        }, cancellationToken: Ct);
        await started.Task;
        _time.Advance(TimeSpan.FromHours(1));
        goOn.SetResult();

        Assert.Equal("5d41402abc4b2a76b9719d911017c592", (await running).ETag);
    }

    [Fact]
    public async Task Host_that_accepts_no_connections_is_reported_as_never_arrived()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var full = await FullBacklog.CreateAsync(Ct);
        var options = new OpenStackClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200), MaxAttempts = 2 };
        await using var client = cloud.Client(cloud.Config with { AuthUrl = new Uri(full.Endpoint, "/v3") }, options);
        cloud.Time.Pauses.Clear();

        var error = await Assert.ThrowsAsync<NoAnswerException>(() => client.Session.GetTokenAsync(Ct));

        Assert.False(error.MayHaveArrived);
        Assert.Contains("no connection within 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Single(cloud.Time.Pauses);
    }

    [Fact]
    public async Task Login_without_a_response_times_out_for_all_waiting_callers()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Scripted();
        var config = cloud.Config with { AuthUrl = new Uri(server.Endpoint, "/v3") };
        await using var client = new OpenStackClient(config, new OpenStackClientOptions { TimeProvider = _time, MaxAttempts = 1 });
        using var impatient = new CancellationTokenSource();
        var first = client.Session.GetTokenAsync(impatient.Token);
        var second = client.Session.GetTokenAsync(Ct);
        await server.ReceivedAsync(Ct);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);
        _time.Advance(PastIdle);

        await Assert.ThrowsAsync<NoAnswerException>(() => second);
    }

    private static async Task CallAsync(OpenStackClient client, string call)
    {
        switch (call)
        {
            case "download":
                await (await client.ObjectStorage.DownloadObjectAsync("c", "o", cancellationToken: Ct)).DisposeAsync();
                break;
            case "head":
                await client.ObjectStorage.GetObjectAsync("c", "o", Ct);
                break;
            case "head of a container":
                await client.ObjectStorage.GetContainerAsync("c", Ct);
                break;
            case "upload":
                await client.ObjectStorage.UploadObjectAsync("c", "o", new MemoryStream([1]), null, Ct);
                break;
            case "list of objects":
                await client.ObjectStorage.ListObjectsAsync("c", cancellationToken: Ct).ToListAsync(Ct);
                break;
            case "bulk delete":
                await client.ObjectStorage.DeleteObjectsAsync("c", ["o"], Ct);
                break;
            default:
                await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct);
                break;
        }
    }

    private OpenStackClient Client(FakeOpenStack cloud, RawServer server, int attempts = 1)
    {
        var settings = new ServiceSettings { EndpointOverride = new Uri(server.Endpoint, "/v2.1") };
        var services = new Dictionary<string, ServiceSettings> { ["object-store"] = settings, ["compute"] = settings };
        var options = new OpenStackClientOptions { TimeProvider = _time, MaxAttempts = attempts, RetryBaseDelay = TimeSpan.Zero };
        return new OpenStackClient(cloud.Config with { Services = services }, options);
    }

    /// <summary>Advances the clock while something waits for it.</summary>
    private async Task AdvanceUntilDoneAsync(Task running)
    {
        await Eventually.TrueAsync("the call ends", _ =>
        {
            _time.Advance(PastIdle);
            return Task.FromResult(running.IsCompleted);
        });
        await running;
    }
}
