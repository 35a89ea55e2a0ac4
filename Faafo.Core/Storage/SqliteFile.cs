using Microsoft.Data.Sqlite;

namespace Faafo.Storage;

/// <summary>
/// One connection to a SQLite file that several processes share: write-ahead log, and one user of the connection at a time.
/// SQLite works synchronously; its calls run where they are made.
/// </summary>
/// <param name="path">The file; it and its folder are made if missing.</param>
/// <param name="schema">Statements that create what is missing, safe to run again.</param>
/// <param name="durable">True: a commit is on the disk when it returns. False: a power failure may take the last commits back.</param>
public sealed class SqliteFile(string path, string schema, bool durable) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private SqliteConnection? _connection;
    private bool _disposed;

    /// <summary>Runs one write transaction, which waits for other writers up to 30 seconds.</summary>
    /// <exception cref="SqliteException">The file cannot be written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> write, CancellationToken cancellationToken) =>
        UseAsync(connection =>
        {
            // "begin immediate": a deferred transaction that turns to writing fails at once where another writer is.
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = write(connection, transaction);
            transaction.Commit();
            return result;
        }, cancellationToken);

    /// <summary>Reads.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken) => UseAsync(read, cancellationToken);

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        _disposed = true;
        _connection?.Dispose();
        _connection = null;
        _gate.Release();
    }

    /// <summary>An open connection to a file, in write-ahead mode.</summary>
    public static SqliteConnection Open(string path, bool durable)
    {
        SQLitePCL.Batteries_V2.Init();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            connection.Execute(null, $"pragma journal_mode = wal; pragma synchronous = {(durable ? "full" : "normal")}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<T> UseAsync<T>(Func<SqliteConnection, T> use, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connection is null)
            {
                var opened = Open(path, durable);
                opened.Execute(null, schema);
                _connection = opened;
            }
            return use(_connection);
        }
        finally
        {
            _gate.Release();
        }
    }
}
