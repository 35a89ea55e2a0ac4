using System.Globalization;
using System.Net;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;

namespace Faafo.Benchmarks.Services;

/// <summary>An API in a process of its own on the real servers, with a database, a virtual host and an image folder that are its alone.</summary>
internal sealed class Service : IDisposable
{
    /// <summary>Bytes of the picture that a filled table's rows tell of.</summary>
    public const int PictureSize = 60_000;

    private readonly TemporaryFolder folder = new();
    private readonly ChildProcess api;
    private readonly List<ChildProcess> workers = [];

    private readonly bool isOurs;

    private Service(bool isOurs, Func<Service, ChildProcess> start)
    {
        this.isOurs = isOurs;
        api = start(this);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Endpoint };
        Eventually.TrueAsync("the API is ready", async stop =>
        {
            if (api.HasExited)
            {
                throw new InvalidOperationException($"{api}");
            }

            try
            {
                return (await http.GetAsync(new Uri("readyz", UriKind.Relative), stop)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;       // nobody listens yet
            }
        }).GetAwaiter().GetResult();
    }

    /// <summary>Starts Faafo's API, as <c>dotnet build -c Release</c> made it, and waits until it is ready.</summary>
    public static Service Ours() => new(true, service => ChildProcess.Start(Programs.Built("Faafo.Api", "faafo-api"),
    [
        "--urls", service.Endpoint.AbsoluteUri, "--database-url", service.Database.Url, "--transport-url", service.Vhost.Url.AbsoluteUri,
        "--image-store-url", "file:" + service.Images, "--state-dir", service.folder.Path, "--node-name", "api",
    ]));

    /// <summary>Starts <see cref="PlainService"/> and waits until it is ready.</summary>
    public static Service Plain() => new(false, service => ChildProcess.Start(Environment.ProcessPath!,
        ["--plain", service.Endpoint.AbsoluteUri, service.Database.ConnectionString, service.Vhost.Url.AbsoluteUri],
        // As the web SDK sets it for ours.
        new Dictionary<string, string> { ["DOTNET_gcServer"] = "1" }));

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; } = new($"http://127.0.0.1:{FreePort.Next()}/");

    /// <summary>The same as a socket sees it.</summary>
    public IPEndPoint Address => new(IPAddress.Loopback, Endpoint.Port);

    /// <summary>Its rows.</summary>
    public TestDatabase Database { get; } = Servers.NewDatabase();

    /// <summary>Its queue's place.</summary>
    public TestVhost Vhost { get; } = Servers.NewVhost();

    /// <summary>Its pictures.</summary>
    public string Images => Path.Combine(folder.Path, "images");

    /// <summary>Processor seconds of the API so far.</summary>
    public double Cpu => CpuOf(api.Id);

    /// <summary>Starts a worker for this API; <paramref name="program"/> is another build than <c>dotnet build</c>'s.</summary>
    public ChildProcess StartWorker(int slots, string? program = null)
    {
        var worker = ChildProcess.Start(program ?? Programs.Built("Faafo.Worker", "faafo-worker"),
        [
            "--endpoint-url", Endpoint.AbsoluteUri, "--transport-url", Vhost.Url.AbsoluteUri, "--image-store-url", "file:" + Images,
            "--state-dir", folder.Path, "--node-name", "worker", "--slots", slots.ToString(CultureInfo.InvariantCulture),
        ]);
        workers.Add(worker);
        return worker;
    }

    /// <summary>Processor seconds of a process so far: fields 14 and 15 of /proc/PID/stat, in hundredths.</summary>
    public static double CpuOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>Waits until the broker has confirmed every accepted order: the plain service answers no sooner, ours has an outbox.</summary>
    public void WaitUntilPublished()
    {
        // Often: what is measured ends here.
        while (isOurs && Count("select count(*) from outbox") > 0)
        {
            Thread.Sleep(2);
        }
    }

    /// <summary>Fills the table up to so many finished fractals. Our own sums are kept by the API, so they are set here.</summary>
    public void Fill(int rows)
    {
        var present = Count("select count(*) from fractals");
        Database.ExecuteAsync($"""
            insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, checksum, size{(isOurs ? ", status, created_at, finished_at" : "")})
            select gen_random_uuid(), 640, 480, 256, -1.5, 1.5, -1.25, 1.25, -0.123456789012345, 0.712345678901234, md5('') || md5(''), {PictureSize}{(isOurs ? ", 'done', now(), now()" : "")}
            from generate_series({present + 1}, {rows});
            {(isOurs ? $"insert into totals values (-1, {rows}, {rows}, 0, 0, {rows}, {rows}, 0) on conflict (shard) do update set fractals = {rows}, done = {rows};" : "")}
            analyze fractals
            """, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>One number of the database.</summary>
    public long Count(string sql) => Database.CountAsync(sql, CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose()
    {
        foreach (var process in workers.Append(api))
        {
            process.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        folder.Dispose();
    }
}
