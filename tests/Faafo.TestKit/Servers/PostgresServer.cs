using System.Security.Cryptography;
using Faafo.TestKit.Processes;
using Npgsql;

namespace Faafo.TestKit.Servers;

/// <summary>A PostgreSQL server from Debian's package on loopback, with its own data directory; each test has its own database.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "faafo";

    private readonly ChildProcess _process;
    private readonly int _port;
    private readonly string _password;
    private int _databases;

    private PostgresServer(ChildProcess process, int port, string password) => (_process, _port, _password) = (process, port, password);

    /// <summary>Starts a server and returns when it responds.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <param name="durable">
    /// Whether a commit waits for the disk, as in production. No test crashes the machine, but a benchmark must include the cost.
    /// </param>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken, bool durable = false)
    {
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Max()
            ?? throw new InvalidOperationException("PostgreSQL is not installed: tests/run installs it");
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"postgres-{Guid.NewGuid():N}")).FullName;
        var data = Path.Combine(folder, "data");
        var passwordFile = Path.Combine(folder, "password");
        var password = RandomNumberGenerator.GetHexString(24, lowercase: true);
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);

        // PostgreSQL does not run as root.
        string[] asUser = [];
        if (Environment.IsPrivilegedProcess)
        {
            asUser = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"];
            await ChildProcess.RunAsync("chown", ["-R", "postgres:postgres", folder], cancellationToken);
        }
        string[] initialise = [.. asUser, Path.Combine(programs, "initdb"), "-D", data, "-U", User, "--auth=scram-sha-256",
            "--pwfile=" + passwordFile,
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
        await ChildProcess.RunAsync(initialise[0], initialise[1..], cancellationToken);

        var port = FreePort.Next();
        string[] serve = [.. asUser, Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "max_connections=500",
            .. durable ? [] : new[] { "-c", "fsync=off", "-c", "full_page_writes=off" }];
        var server = new PostgresServer(ChildProcess.Start(serve[0], serve[1..]), port, password);
        await Eventually.TrueAsync("PostgreSQL responds", server.IsUpAsync);
        return server;
    }

    /// <summary>Creates an empty database.</summary>
    public async Task<TestDatabase> NewDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new TestDatabase($"postgresql://{User}:{_password}@127.0.0.1:{_port}/{name}", ConnectionString(name), _port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = User,
        Password = _password,
        Database = database,
        MaxPoolSize = 3,
    }.ToString();

    private async Task<bool> IsUpAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"{_process}");
        }
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)     // not listening yet, or starting up
        {
            return false;
        }
    }
}
