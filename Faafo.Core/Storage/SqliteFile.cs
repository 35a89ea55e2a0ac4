using Microsoft.Data.Sqlite;

namespace Faafo.Storage;

/// <summary>
/// One connection to a SQLite file that several processes share, with a write-ahead log and one user of the connection at a time. SQLite is
/// synchronous; its calls run on the calling thread.
/// </summary>
/// <param name="path">The file; it and its folder are created if missing.</param>
/// <param name="schema">Statements that create what is missing; they can be repeated.</param>
/// <param name="durable">True if a commit is on the disk when it returns; false if a power failure may undo the last commits.</param>
public sealed class SqliteFile(string path, string schema, bool durable) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private SqliteConnection? _connection;
    private bool _disposed;

    /// <summary>Runs a write transaction, which waits up to 30 seconds for other writers.</summary>
    /// <exception cref="SqliteException">The file cannot be written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> write, CancellationToken cancellationToken) =>
        UseAsync(connection =>
        {
            // "begin immediate": a deferred transaction that starts to write fails immediately if there is another writer.
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = write(connection, transaction);
            transaction.Commit();
            return result;
        }, cancellationToken);

    /// <summary>Runs a read.</summary>
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

    /// <summary>Opens a connection to a file in write-ahead mode.</summary>
    public static SqliteConnection Open(string path, bool durable)
    {
        SQLitePCL.Batteries_V2.Init();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 };
        var connection = new SqliteConnection(settings.ToString());
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
