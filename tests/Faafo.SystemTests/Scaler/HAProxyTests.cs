using System.Net;
using System.Text.RegularExpressions;
using Faafo.Nodes;
using Faafo.SystemTests.Flock;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Scaler;

/// <summary>A local flock with a real HAProxy in front of its APIs.</summary>
public sealed class HAProxyTests : IAsyncDisposable
{
    private readonly ScalerProgram _scaler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Uri Endpoint => new($"http://127.0.0.1:{_scaler.Port}/");

    [Fact]
    public async Task Api_killed_under_load_fails_no_request()
    {
        await UpAsync();
        await using var load = new RequestLoad(Endpoint);
        var faafo = FaafoAsync("create", "--tasks", "400", "--max-width", "256", "--max-height", "256", "--max-iterations", "128");
        await load.ResponsesAsync(100);

        foreach (var api in (string[])["app-api-1", "app-api-2"])
        {
            var killed = _scaler.Processes[api];
            ScalerProgram.Signal(killed, "KILL");
            await Eventually.TrueAsync($"another {api}", _ =>
                Task.FromResult(_scaler.Processes.TryGetValue(api, out var pid) && pid != killed), TimeSpan.FromSeconds(60));
            await WaitUntilBalancedAsync("app-api-1", "app-api-2");
            await load.ResponsesAsync(100);
        }

        var (code, output) = await faafo;
        Assert.True(code == 0, output);
        Assert.Contains("400 accepted, 0 refused", output, StringComparison.Ordinal);
        var posted = await load.AssertNoFailureAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var list = await http.GetStringAsync(new Uri(Endpoint, "v1/fractal?results_per_page=1"), Token);
        Assert.StartsWith($"{{\"num_results\":{posted + 400},", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scaling_of_apis_drops_no_request_and_the_statistics_page_lists_them()
    {
        await UpAsync();
        await using var load = new RequestLoad(Endpoint);
        await load.ResponsesAsync(50);

        var (code, output) = await _scaler.RunAsync("scale", "api", "4");
        Assert.True(code == 0, output);
        await WaitUntilBalancedAsync("app-api-1", "app-api-2", "app-api-3", "app-api-4");
        await load.ResponsesAsync(50);
        var page = await StatisticsAsync();
        Assert.All(Enumerable.Range(1, 4), n => Assert.Contains($"app-api-{n}", page, StringComparison.Ordinal));

        (code, output) = await _scaler.RunAsync("scale", "api", "2");
        Assert.True(code == 0, output);
        await Eventually.TrueAsync("two APIs have exited", _ =>
            Task.FromResult(_scaler.Processes.Keys.Count(name => name.StartsWith("app-api-", StringComparison.Ordinal)) == 2),
            TimeSpan.FromSeconds(90));
        await load.ResponsesAsync(50);

        var before = await IdsAsync();
        (code, output) = await _scaler.RunAsync("roll", "api");
        Assert.Equal((0, "api: nothing to roll\n"), (code, output));
        (code, output) = await _scaler.RunAsync("roll", "api", "--all");
        Assert.True(code == 0, output);
        Assert.EndsWith("api: 2 of 2 replaced\n", output, StringComparison.Ordinal);
        Assert.Empty(before.Intersect(await IdsAsync()));
        await load.ResponsesAsync(50);
        await load.AssertNoFailureAsync();
        Assert.Equal(2, Regex.Count(await File.ReadAllTextAsync(ConfigFile, Token), "server app-api-"));
    }

    [Fact]
    public async Task Killed_HAProxy_is_restarted_and_stops_with_the_flock()
    {
        var up = await UpAsync();
        var killed = _scaler.Processes["app-lb"];

        ScalerProgram.Signal(killed, "KILL");

        await Eventually.TrueAsync("another one", async stop => _scaler.Processes.TryGetValue("app-lb", out var pid) && pid != killed
            && await _scaler.Api.IsReadyAsync(stop), TimeSpan.FromSeconds(60));
        Assert.Equal(0, await up.StopAsync(Token));
        Assert.Empty(_scaler.Processes);
    }

    [Fact]
    public async Task Missing_HAProxy_prevents_the_start()
    {
        await using var up = ChildProcess.Start(ScalerProgram.Executable, ["up", "--lb", "--state-dir", _scaler.StateDir],
            new Dictionary<string, string> { ["FAAFO_HAPROXY"] = "/nowhere/haproxy" });

        Assert.Equal(1, await up.WaitAsync(Token));
        Assert.Contains("HAProxy is not installed: install it (on Debian and Ubuntu: apt-get install haproxy), or leave --lb out\n",
            up.Output, StringComparison.Ordinal);
        Assert.Empty(_scaler.Processes);
    }

    public ValueTask DisposeAsync() => _scaler.DisposeAsync();

    private string ConfigFile => Path.Combine(_scaler.StateDir, "instances", "app-lb", "haproxy.cfg");

    private async Task<string[]> IdsAsync() =>
        await Task.WhenAll(Directory.GetDirectories(Path.Combine(_scaler.StateDir, "instances"), "app-api-*")
        .Select(async folder =>
            Regex.Match(await File.ReadAllTextAsync(Path.Combine(folder, "instance.json"), Token),
                "\"Id\":\"([0-9a-f]+)\"").Groups[1].Value));

    private async Task<ChildProcess> UpAsync()
    {
        var up = await _scaler.UpAsync("--lb");
        await WaitUntilBalancedAsync("app-api-1", "app-api-2");
        return up;
    }

    private Task WaitUntilBalancedAsync(params string[] apis) =>
        Eventually.TrueAsync($"{string.Join(", ", apis)} behind HAProxy", async stop =>
    {
        var nodes = (await _scaler.Api.GetNodesAsync(stop)).Where(node => apis.Contains(node.Name) && node.State == NodeState.Ready)
            .ToArray();
        var config = await File.ReadAllTextAsync(ConfigFile, stop);
        return nodes.Length == apis.Length
            && nodes.All(node =>
                config.Contains($"server {node.Name} {new Uri(node.Report.Address!).Authority}\n", StringComparison.Ordinal));
    }, TimeSpan.FromSeconds(90));

    private async Task<string> StatisticsAsync()
    {
        var address = Regex.Match(_scaler.Log, "statistics are at (http://[0-9.:]+/)").Groups[1].Value;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var page = await http.GetAsync(new Uri(address), Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await page.Content.ReadAsStringAsync(Token);
    }

    private async Task<(int ExitCode, string Output)> FaafoAsync(params string[] arguments)
    {
        await using var faafo = ChildProcess.Start(TestFlock.PathOf("Faafo.Cli", "faafo"),
            ["--endpoint-url", Endpoint.AbsoluteUri, .. arguments]);
        return (await faafo.WaitAsync(Token), faafo.Output);
    }
}
