using System.Data.Common;
using Dapper;
using Npgsql;

namespace Faafo.Api.Database;

/// <summary>PostgreSQL: batches are arrays, and several APIs skip one another's locked rows.</summary>
internal sealed class PostgresDatabase : FaafoDatabase
{
    // An arbitrary key of an advisory lock ("fafo" and "o"), held while the schema changes.
    private const long MigrationLock = 0x6661_6166_6f;

    // Every statement finds its rows by an index. PostgreSQL keeps the plan of a prepared statement: one made while a table was young would
    // read the whole table for each result until the statistics are refreshed. No statement runs long enough to be worth compiling.
    private const string SessionSettings = "set enable_seqscan = off; set jit = off";

    public PostgresDatabase(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = 50;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        // Sessions differ from the default only by the settings above; resetting them would take seven statements each time.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(
            connection => connection.Execute(SessionSettings), connection => connection.ExecuteAsync(SessionSettings));
        Source = builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    /// <summary>The pool of connections, for statements that only Npgsql can express.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Builds an array parameter: one value of each row.</summary>
    public static NpgsqlParameter Column<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }
        return new NpgsqlParameter<TValue[]> { TypedValue = column };
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await Source.OpenConnectionAsync(cancellationToken);

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Sql.Command("select pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, cancellationToken, transaction));
        await Schema.UpgradeAsync(connection, transaction, sql => sql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public override string In(string parameter) => $"= any(@{parameter})";

    public override ValueTask DisposeAsync() => Source.DisposeAsync();
}
