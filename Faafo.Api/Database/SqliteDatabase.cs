using System.Data.Common;
using Faafo.Storage;
using Microsoft.Data.Sqlite;

namespace Faafo.Api.Database;

/// <summary>SQLite: one file, one writer at a time, the same schema with SQLite's types.</summary>
internal sealed class SqliteDatabase(string path) : FaafoDatabase
{
    private readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();

    /// <summary>The path of the file.</summary>
    public string File => path;

    /// <summary>Opens a connection from the pool.</summary>
    public async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) => await OpenAsync(cancellationToken);

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await SqliteFile.Open(path, durable: true).DisposeAsync();     // creates the folder and enables the write-ahead log
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        await Schema.UpgradeAsync(connection, transaction, Translate, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public override string In(string parameter) => $"in @{parameter}";

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        return ValueTask.CompletedTask;
    }

    private static string Translate(string sql) => sql
        .Replace("bigserial primary key", "integer primary key autoincrement", StringComparison.Ordinal)
        .Replace(" uuid primary key", " text primary key", StringComparison.Ordinal)
        .Replace(" uuid not null", " text not null", StringComparison.Ordinal)
        .Replace("timestamptz", "text", StringComparison.Ordinal)
        .Replace("bytea", "blob", StringComparison.Ordinal);
}
