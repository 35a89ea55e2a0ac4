using System.Data.Common;
using Dapper;
using Faafo.Api.Outbox;
using Faafo.Fractals;
using Faafo.Storage;
using Microsoft.Data.Sqlite;

namespace Faafo.Api.Database;

/// <summary>SQLite: one file, one writer at a time, the same schema with SQLite's types.</summary>
internal sealed class SqliteDatabase(string path, TimeProvider time) : FractalDatabase
{
    private readonly OutboxClaims _claims = new(path, time);
    private readonly string _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await SqliteFile.Open(path, durable: true).DisposeAsync();     // makes the folder and turns the write-ahead log on
        await using var connection = (SqliteConnection)await ConnectAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        await Schema.UpgradeAsync(connection, transaction, sql => sql
            .Replace("bigserial primary key", "integer primary key autoincrement", StringComparison.Ordinal)
            .Replace(" uuid primary key", " text primary key", StringComparison.Ordinal)
            .Replace(" uuid not null", " text not null", StringComparison.Ordinal)
            .Replace("timestamptz", "text", StringComparison.Ordinal)
            .Replace("bytea", "blob", StringComparison.Ordinal), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public override async Task<IReadOnlySet<Guid>> InsertAsync(
        IReadOnlyList<FractalTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = (SqliteConnection)await ConnectAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        var queued = new List<FractalTask>();
        foreach (var task in tasks)
        {
            if (await connection.ExecuteAsync(Command("""
                insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, status, created_at)
                values (@Uuid, @Width, @Height, @Iterations, @Xa, @Xb, @Ya, @Yb, @Cx, @Cy, 'queued', @now) on conflict do nothing
                """, new { task.Uuid, task.Width, task.Height, task.Iterations, task.Xa, task.Xb, task.Ya, task.Yb, task.Cx, task.Cy, now },
                cancellationToken, transaction)) == 1)
            {
                await connection.ExecuteAsync(Command("insert into outbox (uuid, body) values (@Uuid, @body)",
                    new { task.Uuid, body = task.ToUtf8() }, cancellationToken, transaction));
                queued.Add(task);
            }
        }
        await connection.ExecuteAsync(AddToTotals(transaction, cancellationToken, fractals: queued.Count, unfinished: queued.Count,
            workWaiting: queued.Sum(t => t.Work()), accepted: queued.Count));
        await transaction.CommitAsync(cancellationToken);
        return queued.Select(t => t.Uuid).ToHashSet();
    }

    public override async Task<IReadOnlyList<Fractal>> FinishAsync(IReadOnlyList<Outcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = (SqliteConnection)await ConnectAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        var finished = new List<FinishedRow>();
        var fractals = new List<Fractal>();
        foreach (var outcome in outcomes)
        {
            var row = await connection.QueryFirstOrDefaultAsync<FinishedRow>(Command("""
                select status as Before, @Status as Now, width * height * iterations as Work from fractals
                where uuid = @Uuid and (finished_at is null or (status = 'failed' and @Status = 'done'))
                """, outcome, cancellationToken, transaction));
            if (row is null)
            {
                continue;
            }
            await connection.ExecuteAsync(Command("""
                update fractals set status = @Status, checksum = @Checksum, size = @Size, duration = @Duration, generated_by = @GeneratedBy,
                    error = @Error, finished_at = @now where uuid = @Uuid
                """, new { outcome.Status, outcome.Checksum, outcome.Size, outcome.Duration, outcome.GeneratedBy, outcome.Error, outcome.Uuid, now },
                cancellationToken, transaction));
            finished.Add(row);
            await using var command = connection.CreateCommand();
            command.CommandText = $"select {FractalRow.Columns} from fractals f where f.uuid = @uuid";
            command.Transaction = transaction;
            command.Parameters.AddWithValue("@uuid", outcome.Uuid);
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            fractals.AddRange(await ReadAsync(rows, cancellationToken));
        }
        await connection.ExecuteAsync(AddFinished(finished, transaction, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return fractals;
    }

    public override Task<int> PublishAsync(
        int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken) =>
        _claims.PublishAsync(most, publish, cancellationToken);

    public override async Task<IReadOnlyList<Fractal>> FindAsync(IReadOnlyList<Guid> uuids, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        (string Name, object Value)[] parameters = [.. uuids.Select((uuid, i) => ($"@u{i}", (object)uuid))];
        return await FractalsAsync(connection,
            $"select {FractalRow.Columns} from fractals f where f.uuid in ({string.Join(", ", parameters.Select(one => one.Name))})", cancellationToken, parameters);
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        return _claims.DisposeAsync();
    }

    protected override string In(string parameter) => $"in @{parameter}";

    // Of the rows that took an outcome: the new sums. A row that was failed before was counted as finished then.
    private CommandDefinition AddFinished(IReadOnlyList<FinishedRow> rows, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var first = rows.Where(r => r.Before is "queued" or "rendering").ToArray();
        return AddToTotals(transaction, cancellationToken, done: rows.Count(r => r.Now == "done"), unfinished: -first.Length,
            workWaiting: -first.Sum(r => r.Work), finished: first.Length, workFinished: first.Sum(r => r.Work));
    }

    // A row that took an outcome.
    private sealed class FinishedRow
    {
        public required string Before { get; init; }
        public required string Now { get; init; }
        public long Work { get; init; }
    }
}
