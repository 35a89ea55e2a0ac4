using System.Globalization;
using System.Net;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;

namespace Faafo.Benchmarks.Services;

/// <summary>
/// An API in a separate process on real servers, with its own database, virtual host and image folder.
/// </summary>
internal sealed class Service : IDisposable
{
    /// <summary>Size in bytes of the images of a filled table.</summary>
    public const int PictureSize = 60_000;

    private readonly TemporaryFolder _folder = new();
    private readonly ChildProcess _api;
    private readonly List<ChildProcess> _workers = [];

    private readonly bool _isOurs;

    private Service(bool isOurs, Func<Service, ChildProcess> start)
    {
        _isOurs = isOurs;
        _api = start(this);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Endpoint };
        Eventually.TrueAsync("the API is ready", async stop =>
        {
            if (_api.HasExited)
            {
                throw new InvalidOperationException($"{_api}");
            }
            try
            {
                return (await http.GetAsync(new Uri("readyz", UriKind.Relative), stop)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;       // not listening yet
            }
        }).GetAwaiter().GetResult();
    }

    /// <summary>Starts Faafo's API as built by <c>dotnet build -c Release</c> and waits until it is ready.</summary>
    public static Service Ours() => new(true, service => ChildProcess.Start(ProgramPaths.Built("Faafo.Api", "faafo-api"),
    [
        "--urls", service.Endpoint.AbsoluteUri, "--database-url", service.Database.Url, "--transport-url", service.Vhost.Url.AbsoluteUri,
        "--image-store-url", "file:" + service.Images, "--state-dir", service._folder.Path, "--node-name", "api",
    ]));

    /// <summary>Starts <see cref="PlainService"/> and waits until it is ready.</summary>
    public static Service Plain() => new(false, service => ChildProcess.Start(Environment.ProcessPath!,
        ["--plain", service.Endpoint.AbsoluteUri, service.Database.ConnectionString, service.Vhost.Url.AbsoluteUri],
        // As the web SDK configures Faafo's API.
        new Dictionary<string, string> { ["DOTNET_gcServer"] = "1" }));

    /// <summary>Its address.</summary>
    public Uri Endpoint { get; } = new($"http://127.0.0.1:{FreePort.Next()}/");

    /// <summary>Its address as a socket endpoint.</summary>
    public IPEndPoint Address => new(IPAddress.Loopback, Endpoint.Port);

    /// <summary>Its database.</summary>
    public TestDatabase Database { get; } = Servers.NewDatabase();

    /// <summary>Its virtual host.</summary>
    public TestVhost Vhost { get; } = Servers.NewVhost();

    /// <summary>Its image folder.</summary>
    public string Images => Path.Combine(_folder.Path, "images");

    /// <summary>CPU seconds that the API has used.</summary>
    public double Cpu => CpuOf(_api.Id);

    /// <summary>Starts a worker for this API; <paramref name="program"/> replaces the one built by <c>dotnet build</c>.</summary>
    public ChildProcess StartWorker(int slots, string? program = null)
    {
        var worker = ChildProcess.Start(program ?? ProgramPaths.Built("Faafo.Worker", "faafo-worker"),
        [
            "--endpoint-url", Endpoint.AbsoluteUri, "--transport-url", Vhost.Url.AbsoluteUri, "--image-store-url", "file:" + Images,
            "--state-dir", _folder.Path, "--node-name", "worker", "--slots", slots.ToString(CultureInfo.InvariantCulture),
        ]);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Reads the CPU seconds that a process has used: fields 14 and 15 of /proc/PID/stat, in hundredths.</summary>
    public static double CpuOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>
    /// Waits until the broker has confirmed every accepted task: the plain service responds after that, Faafo's API has an outbox.
    /// </summary>
    public void WaitUntilPublished()
    {
        // At a short interval, because the measurement ends here.
        while (_isOurs && Count("select count(*) from outbox") > 0)
        {
            Task.Delay(2).GetAwaiter().GetResult();
        }
    }

    /// <summary>Fills the table up to a number of finished fractals. The API keeps totals of Faafo's table, so they are set here.</summary>
    public void Fill(int rows)
    {
        var present = Count("select count(*) from fractals");
        var columns = _isOurs ? ", status, created_at, finished_at" : "";
        var values = _isOurs ? ", 'done', now(), now()" : "";
        var totals = _isOurs
            ? $"insert into totals values (-1, {rows}, {rows}, 0, 0, {rows}, {rows}, 0) "
                + $"on conflict (shard) do update set fractals = {rows}, done = {rows};"
            : "";
        Database.ExecuteAsync($"""
            insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, checksum, size{columns})
            select gen_random_uuid(), 640, 480, 256, -1.5, 1.5, -1.25, 1.25, -0.123456789012345, 0.712345678901234,
                md5('') || md5(''), {PictureSize}{values}
            from generate_series({present + 1}, {rows});
            {totals}
            analyze fractals
            """, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Reads a number from the database.</summary>
    public long Count(string sql) => Database.CountAsync(sql, CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose()
    {
        foreach (var process in _workers.Append(_api))
        {
            process.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        _folder.Dispose();
    }
}
