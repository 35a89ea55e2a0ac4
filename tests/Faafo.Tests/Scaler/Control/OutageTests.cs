using Faafo.OpenStack;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.Control;

/// <summary>
/// Whatever API and cloud send or omit, a round ends, its cause is logged once, nothing is deleted, and the next round starts.
/// </summary>
public sealed class OutageTests : IDisposable
{
    private const string Json = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n";
    private const int Rounds = 3;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, (Func<RawServer> Server, string ApiCause, string CloudCause)> Responses = new()
    {
        ["headers and nothing more"] = (() => RawServer.Saying(Json + "Content-Length: 100\r\n\r\n"),
            "no response within 0.3 s", "no complete response within 0.3 s"),
        ["a body that trickles without end"] = (() => RawServer.Trickling(Json + "\r\n"),
            "no response within 0.3 s", "no complete response within 0.3 s"),
        ["nothing"] = (() => RawServer.Saying(""), "no response within 0.3 s", "no complete response within 0.3 s"),
        ["a cut body"] = (() => RawServer.Closing(Json + "Content-Length: 100\r\n\r\n["),
            "The response ended prematurely", "The response ended prematurely"),
        ["a connection that is closed"] = (() => RawServer.Closing(""), "The response ended prematurely", "The response ended prematurely"),
        ["not HTTP"] = (() => RawServer.Closing("SSH-2.0-OpenSSH_10.0\r\n"), "invalid status line", "invalid status line"),
        ["an unknown character set"] = (() => RawServer.Closing(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=bogus\r\nContent-Length: 7\r\n\r\n<html/>"),
            "this is not a Faafo API", "is malformed"),
        ["an error in an unknown character set"] = (() => RawServer.Closing(
            "HTTP/1.1 500 Oops\r\nContent-Type: text/html; charset=bogus\r\nContent-Length: 7\r\n\r\n<html/>"),
            "responded 500 Oops", "returned 500"),
        ["a list that is null"] = (() => RawServer.Closing(Json + "Content-Length: 4\r\n\r\nnull"),
            "this is not a Faafo API", "is malformed"),
        ["a list that is null in an object"] = (() => RawServer.Closing(Json + "Content-Length: 16\r\n\r\n{\"servers\":null}"),
            "this is not a Faafo API", "'servers' is not a list"),
        ["an item that is null"] = (() => RawServer.Closing(Json + "Content-Length: 18\r\n\r\n{\"servers\":[null]}"),
            "this is not a Faafo API", "is malformed"),
        ["a page of HTML"] = (() => RawServer.Closing(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>hi</html>"),
            "this is not a Faafo API", "is malformed"),
        ["no content"] = (() => RawServer.Closing("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
            "this is not a Faafo API", "is malformed"),
        ["a redirect to itself"] = (() => RawServer.Closing(
            "HTTP/1.1 302 Found\r\nLocation: /v1/nodes\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
            "responded 302 Found", "returned 302"),
        ["503"] = (() => RawServer.Closing("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            "responded 503 Busy", "returned 503"),
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-outage-").FullName;
    private readonly FakeTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeInstanceProvider _provider;
    private readonly StubApi _api = new();

    public OutageTests()
    {
        _provider = new FakeInstanceProvider(_time);
        foreach (var (name, group) in (ReadOnlySpan<(string, string)>)[("app-api-1", FlockSpec.Api), ("app-worker-1", FlockSpec.Worker)])
        {
            _provider.Instances.Add(new Instance(name, name, group, _time.GetUtcNow(), IsRunning: true));
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => new(Responses.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Response_of_the_API_fails_the_round_and_is_logged_once(string response)
    {
        var (create, cause, _) = Responses[response];
        await using var server = create();

        var log = await RunAsync(_provider, FaafoClient.Connect(server.Endpoint, timeout: LimitFor(cause)));

        AssertLogged(log, "API unreachable; holding or growing only: ", cause);
        Assert.Equal(2, _provider.Instances.Count);
        Assert.InRange(_provider.Lists, Rounds, int.MaxValue);
    }

    [Fact]
    public async Task API_that_drops_connections_fails_the_round_and_is_logged_once()
    {
        using var full = await FullBacklog.CreateAsync(Ct);
        using var handler = new SocketsHttpHandler { ConnectTimeout = Short, UseProxy = false };

        var log = await RunAsync(_provider, FaafoClient.Connect(full.Endpoint, handler, Long));

        AssertLogged(log, "API unreachable; holding or growing only: ", "connection could not be established");
        Assert.Equal(2, _provider.Instances.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Response_of_the_cloud_fails_the_round_and_is_logged_once(string response)
    {
        var (create, _, cause) = Responses[response];
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = create();
        await using var client = Client(cloud, server.Endpoint, LimitFor(cause));

        var log = await RunAsync(Servers(client), _api.Client);

        AssertLogged(log, "Provider failed: cannot list the servers: compute: ", cause);
    }

    [Fact]
    public async Task Cloud_that_drops_connections_fails_the_round_and_is_logged_once()
    {
        using var full = await FullBacklog.CreateAsync(Ct);
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud, full.Endpoint, Long);

        var log = await RunAsync(Servers(client), _api.Client);

        AssertLogged(log, "Provider failed: cannot list the servers: compute: ", "no connection within 0.3 s (Transient)");
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Busy\r\nX-Openstack-Request-Id: req-0ac3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData(Json + "X-Openstack-Request-Id: req-0ac3\r\nContent-Length: 16\r\n\r\n{\"servers\":null}")]
    [InlineData(Json + "X-Openstack-Request-Id: req-0ac3\r\nContent-Length: 7\r\n\r\n<html/>")]
    public async Task Failure_is_logged_with_the_cloud_s_id_of_the_request(string response)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var server = RawServer.Closing(response);
        await using var client = Client(cloud, server.Endpoint, Long);

        var log = await RunAsync(Servers(client), _api.Client);

        AssertLogged(log, "Provider failed: cannot list the servers: compute: ", "(request req-0ac3)");
    }

    [Fact]
    public async Task Full_disk_under_the_log_stops_no_round()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "logs"));
        File.CreateSymbolicLink(Path.Combine(_folder, "logs", "scaler.log"), "/dev/full");
        _provider.Instances.Clear();

        await RunAsync(_provider, _api.Client);

        Assert.Equal(2, _provider.Instances.Count);
        Assert.NotNull(_api.Scaler);
    }

    [Fact]
    public async Task Recovery_of_the_API_is_logged_with_the_length_of_the_outage()
    {
        var log = new RecordingLogger<ControlLoop>();
        var loop = new ControlLoop(Flocks(), _provider, _api.Client, _time, log);
        foreach (var down in (bool[])[true, true, false, true, false, false])
        {
            _api.Down = down;
            await loop.TickAsync(Ct);
            _time.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.DoesNotContain(log.All, line => line.StartsWith("API reachable", StringComparison.Ordinal));

        await loop.TickAsync(Ct);

        // Three rounds failed, each with a reading and a heartbeat.
        Assert.Equal("API reachable again; 6 requests failed within 30 s",
            Assert.Single(log.All, line => line.StartsWith("API reachable", StringComparison.Ordinal)));
        Assert.Single(log.All, line => line.StartsWith("API unreachable", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _api.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void AssertLogged(string[] log, string what, string cause)
    {
        var lines = log.Where(line => line.Contains(what, StringComparison.Ordinal)
            && !line.Contains(" times in ", StringComparison.Ordinal)).ToArray();
        // Another kind of request, or one that the end of its connection reaches first, may fail with other words.
        Assert.Contains(lines, line => line.Contains(cause, StringComparison.Ordinal));
        Assert.InRange(lines.Length, 1, 2);
        Assert.Equal(lines.Distinct(), lines);
        Assert.DoesNotContain(log, other => other.Contains("Removing ", StringComparison.Ordinal));
        Assert.DoesNotContain(log, other => other.Contains("Control loop round failed", StringComparison.Ordinal));
    }

    private static TimeSpan LimitFor(string cause) => cause.Contains("0.3 s", StringComparison.Ordinal) ? Short : Long;

    private static FlockSpecMonitor Flocks() => new(null, new RecordingLogger<FlockSpecMonitor>());

    private static OpenStackInstances Servers(OpenStackClient client) =>
        new(client, new FlockSpec(), new ResourceNames("faafo", "p1", "One"));

    private static OpenStackClient Client(FakeOpenStack cloud, Uri compute, TimeSpan limit)
    {
        var settings = new ServiceSettings { EndpointOverride = new Uri(compute, "/v2.1"), DefaultMicroversion = "2.90" };
        var services = new Dictionary<string, ServiceSettings> { ["compute"] = settings };
        var options = new OpenStackClientOptions { AttemptTimeout = limit, ConnectTimeout = Short, MaxAttempts = 1 };
        return new OpenStackClient(cloud.Config with { Services = services }, options);
    }

    // Runs some rounds with the log of a real scaler and returns its lines.
    private async Task<string[]> RunAsync(IInstanceProvider provider, IFaafoApi api)
    {
        using var terminal = new StringWriter();
        using (var runLog = new RunLog(_folder, terminal, _time))
        {
            using var loggers = runLog.CreateLoggers(new ConfigurationBuilder().Build());
            var loop = new ControlLoop(Flocks(), provider, api, _time, loggers.CreateLogger<ControlLoop>());
            for (var round = 0; round < Rounds; round++)
            {
                await loop.TickAsync(Ct);
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }
        return terminal.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
