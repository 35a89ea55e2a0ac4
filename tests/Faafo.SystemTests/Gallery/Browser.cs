using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Gallery;

/// <summary>Debian's headless Chromium with one page (https://chromedevtools.github.io/devtools-protocol/).</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly ChildProcess _process;
    private readonly ClientWebSocket _page = new();
    private int _calls;

    private Browser(ChildProcess process) => _process = process;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a browser that can reach only this host, and waits until its page responds.</summary>
    public static async Task<Browser> StartAsync()
    {
        var profile = Path.Combine(Reaper.Folder, $"chromium-{Guid.NewGuid():N}");
        var browser = new Browser(ChildProcess.Start(Program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-port=0",
            $"--user-data-dir={profile}", "about:blank",
        ]));
        try
        {
            await browser.ConnectAsync(Path.Combine(profile, "DevToolsActivePort"));
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets the width of the window, opens an address, and waits until all pictures of the page are loaded.</summary>
    public async Task OpenAsync(Uri address, int width)
    {
        await CallAsync("Emulation.setDeviceMetricsOverride",
            new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await CallAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        await Eventually.TrueAsync($"{address} is complete", async _ => (await EvaluateAsync($$"""
            location.href === {{JsonSerializer.Serialize(address.AbsoluteUri)}} && document.readyState === 'complete'
                && [...document.images].every(image => image.complete && image.naturalWidth > 0)
            """)).GetBoolean());
    }

    /// <summary>Evaluates a JavaScript expression and returns its value.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var result = await CallAsync("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true });
        Assert.False(result.TryGetProperty("exceptionDetails", out var details), $"{details}");
        return result.GetProperty("result").GetProperty("value");
    }

    /// <summary>Captures the whole page as PNG.</summary>
    public async Task<byte[]> CaptureAsync() => (await CallAsync(
        "Page.captureScreenshot", new() { ["format"] = "png", ["captureBeyondViewport"] = true })).GetProperty("data").GetBytesFromBase64();

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        await _process.DisposeAsync();
    }

    // The browser writes its port to a file of its profile once it listens.
    private async Task ConnectAsync(string portFile)
    {
        await Eventually.TrueAsync("Chromium listens", _ => _process.HasExited ? throw new InvalidOperationException($"{_process}")
            : Task.FromResult(File.Exists(portFile) && File.ReadAllLines(portFile).Length == 2), TimeSpan.FromSeconds(60));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var list = new Uri($"http://127.0.0.1:{(await File.ReadAllLinesAsync(portFile, Token))[0]}/json/list");
        var page = await Eventually.GetAsync("a page", async token => (await http.GetFromJsonAsync<JsonElement>(list, token))
            .EnumerateArray().Where(target => target.GetProperty("type").GetString() == "page")
            .Select(target => target.GetProperty("webSocketDebuggerUrl").GetString()).FirstOrDefault(), address => address is not null);
        await _page.ConnectAsync(new Uri(page!), Token);
    }

    private async Task<JsonElement> CallAsync(string method, JsonObject parameters)
    {
        var id = ++_calls;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _page.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, Token);
        while (true)
        {
            var response = await ReceiveAsync();
            if (response.TryGetProperty("id", out var responseId) && responseId.GetInt32() == id)
            {
                return response.TryGetProperty("result", out var result) ? result
                    : throw new InvalidOperationException($"{method}: {response}");
            }
        }
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 << 10];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _page.ReceiveAsync(buffer.AsMemory(), Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonSerializer.Deserialize<JsonElement>(message.ToArray());
    }
}
