using System.Globalization;
using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>A complete Faafo for one test: a virtual host, a database, an image folder, and the real programs as processes.</summary>
public sealed class TestFlock : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"flock-{Guid.NewGuid():N}")).FullName;
    private readonly List<ChildProcess> _processes = [];

    public TestFlock(TestVhost vhost, TestDatabase database)
    {
        Vhost = vhost;
        Database = database;
        Endpoint = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        Api = FaafoClient.Connect(Endpoint);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Endpoint };
    }

    /// <summary>The virtual host of the queue.</summary>
    public TestVhost Vhost { get; }

    /// <summary>The database of the API.</summary>
    public TestDatabase Database { get; }

    /// <summary>The address of the first API.</summary>
    public Uri Endpoint { get; }

    /// <summary>A client of the API, as the programs use it.</summary>
    public IFaafoApi Api { get; }

    /// <summary>A plain HTTP client of the API.</summary>
    public HttpClient Http { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Images => Path.Combine(_folder, "images");

    /// <summary>Starts an API without waiting for it.</summary>
    public ChildProcess LaunchApi(string name = "api-1", Uri? endpoint = null, string? databaseUrl = null,
        params IEnumerable<string> more) =>
        Launch("Faafo.Api", "faafo-api", ["--urls", (endpoint ?? Endpoint).AbsoluteUri, "--database-url", databaseUrl ?? Database.Url,
            "--transport-url", Vhost.Url.AbsoluteUri, "--image-store-url", "file:" + Images, "--state-dir", _folder, "--node-name", name,
            .. more]);

    /// <summary>Starts an API and waits until it is ready.</summary>
    public async Task<ChildProcess> StartApiAsync(string name = "api-1", string? databaseUrl = null, params IEnumerable<string> more)
    {
        var api = LaunchApi(name, databaseUrl: databaseUrl, more: more);
        await WaitUntilReadyAsync(api, Api);
        return api;
    }

    /// <summary>Waits until an API is ready.</summary>
    public static Task WaitUntilReadyAsync(ChildProcess process, IFaafoApi api) => Eventually.TrueAsync("the API is ready", async token =>
        process.HasExited ? throw new InvalidOperationException($"{process}") : await api.IsReadyAsync(token));

    /// <summary>Starts a worker and waits until the API lists it.</summary>
    public async Task<ChildProcess> StartWorkerAsync(string name, int slots, string drainDeadline = "30s")
    {
        var worker = Launch("Faafo.Worker", "faafo-worker", "--endpoint-url", Endpoint.AbsoluteUri, "--transport-url",
            Vhost.Url.AbsoluteUri,
            "--image-store-url", "file:" + Images, "--state-dir", _folder, "--node-name", name,
            "--slots", slots.ToString(CultureInfo.InvariantCulture), "--heartbeat", "200ms", "--drain-deadline", drainDeadline);
        await Eventually.TrueAsync($"{name} is ready", async token => worker.HasExited ? throw new InvalidOperationException($"{worker}")
            : (await Api.GetNodesAsync(token)).Any(node => node.Name == name && node.State == NodeState.Ready));
        return worker;
    }

    /// <summary>The native command line, which <c>tests/native</c> builds.</summary>
    public static string NativeFaafo { get; } = Path.GetFullPath(Path.Combine(PathOf("Faafo.Cli", "faafo"), "../../../../native/faafo"));

    /// <summary>Runs the command line, or the given program, until it exits.</summary>
    public async Task<(int ExitCode, string Output)> RunFaafoAsync(IEnumerable<string> arguments, string? program = null)
    {
        await using var faafo = ChildProcess.Start(program ?? PathOf("Faafo.Cli", "faafo"),
            ["--endpoint-url", Endpoint.AbsoluteUri, .. arguments]);
        return (await faafo.WaitAsync(Token), faafo.Output);
    }

    /// <summary>Waits until a fractal has a status.</summary>
    public Task<Fractal?> WaitForAsync(Guid uuid, FractalStatus status, TimeSpan? within = null) =>
        Eventually.GetAsync($"{uuid} is {status}", token => Api.FindAsync(uuid, token), fractal => fractal?.Status == status, within);

    /// <summary>Waits until no row is unfinished.</summary>
    public Task WaitUntilAllFinishedAsync(TimeSpan within) => Eventually.GetAsync("unfinished rows",
        token => Database.CountAsync("select count(*) from fractals where finished_at is null", token), count => count == 0, within);

    /// <summary>
    /// Asserts that the given number of rows exist and are done, that outbox, queue and dead-letter queue are empty, and that each row, and
    /// nothing else, has an image of the row's size and checksum.
    /// </summary>
    public async Task AssertAllDoneAsync(int rows)
    {
        var fractals = await Database.QueryAsync<(Guid Uuid, string Status, string? Checksum, long? Size, string? Error)>(
            "select uuid, status, checksum, size, error from fractals order by uuid", null, Token);
        Assert.All(fractals, fractal => Assert.Equal(("done", null), (fractal.Status, fractal.Error)));
        Assert.Equal(rows, fractals.Count);
        Assert.Equal(fractals.Select(fractal => (fractal.Uuid, fractal.Checksum!, fractal.Size!.Value)), ReadImages());
        await ChildProcess.RunAsync("pngcheck", ["-q", .. Directory.EnumerateFiles(Images, "*.png", SearchOption.AllDirectories)], Token);
        await AssertNothingWaitsAsync();
        Assert.Empty(await Vhost.TakeDeadLettersAsync(Token));
    }

    /// <summary>Asserts that no accepted task waits in the outbox, in the queue or in a worker.</summary>
    public async Task AssertNothingWaitsAsync()
    {
        Assert.Equal(0, await Database.CountAsync("select count(*) from outbox", Token));
        // A worker acknowledges after the row is done, and exits after that. A task that it still held would return to the queue.
        foreach (var worker in _processes.Where(process => process.Name == "faafo-worker" && !process.HasExited))
        {
            Assert.Equal(0, await worker.StopAsync(Token));
        }
        Assert.Equal(0u, await Vhost.CountAsync("normal", Token));
    }

    /// <summary>Reads the files of the image store, ordered by uuid: name, SHA-256, size.</summary>
    public IReadOnlyList<(Guid Uuid, string Checksum, long Size)> ReadImages() => !Directory.Exists(Images) ? [] :
        [.. Directory.EnumerateFiles(Images, "*.png", SearchOption.AllDirectories)
            .Select(path => (Guid.Parse(Path.GetFileNameWithoutExtension(path)), File.ReadAllBytes(path)))
            .Select(image => (image.Item1, Convert.ToHexStringLower(SHA256.HashData(image.Item2)), (long)image.Item2.Length))
            .OrderBy(image => image.Item1.ToString(), StringComparer.Ordinal)];

    /// <summary>Returns the last output of each process, for failed tests.</summary>
    public override string ToString() => string.Join('\n', _processes);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
        Http.Dispose();
    }

    private ChildProcess Launch(string project, string program, params IEnumerable<string> arguments)
    {
        var process = ChildProcess.Start(PathOf(project, program), arguments, workingDirectory: _folder);
        _processes.Add(process);
        return process;
    }

    // artifacts/bin/PROJECT/CONFIGURATION/PROGRAM, seen from artifacts/bin/Faafo.SystemTests/CONFIGURATION.
    internal static string PathOf(string project, string program)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, program);
    }
}
