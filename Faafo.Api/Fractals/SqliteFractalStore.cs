using Dapper;
using Faafo.Api.Database;
using Faafo.Api.Queue;
using Faafo.Fractals;
using Microsoft.Data.Sqlite;

namespace Faafo.Api.Fractals;

/// <summary>
/// Fractals in SQLite: a batch is a transaction of one statement for each row. Transactions take the write lock at once, because a deferred
/// one that turns to writing fails while another process writes.
/// </summary>
internal sealed class SqliteFractalStore(SqliteDatabase database) : FractalStore(database)
{
    private static readonly string Insert = $"""
        insert into fractals ({FractalRow.TaskColumnNames}, status, created_at)
        values ({string.Join(", ", FractalRow.TaskColumns.Select(column => $"@{column.Name}"))}, 'queued', @now) on conflict do nothing
        """;

    public override async Task<IReadOnlySet<Guid>> InsertAsync(
        IReadOnlyList<FractalTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        var queued = new List<FractalTask>();
        foreach (var task in tasks)
        {
            var row = new DynamicParameters(new { now });
            foreach (var column in FractalRow.TaskColumns)
            {
                row.Add(column.Name, column.ValueOf(task));
            }
            if (await connection.ExecuteAsync(Sql.Command(Insert, row, cancellationToken, transaction)) == 1)
            {
                await connection.ExecuteAsync(Sql.Command("insert into outbox (uuid, body) values (@Uuid, @body)",
                    new { task.Uuid, body = task.ToUtf8() }, cancellationToken, transaction));
                queued.Add(task);
            }
        }
        var difference = new Totals
        {
            Fractals = queued.Count,
            Unfinished = queued.Count,
            WorkWaiting = queued.Sum(task => task.Work()),
            Accepted = queued.Count,
        };
        await connection.ExecuteAsync(TotalsTable.Add(difference, transaction, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return queued.Select(task => task.Uuid).ToHashSet();
    }

    public override async Task<IReadOnlyList<Fractal>> FinishAsync(
        IReadOnlyList<Outcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        var finished = new List<FinishedRow>();
        var fractals = new List<Fractal>();
        foreach (var outcome in outcomes)
        {
            var row = await connection.QueryFirstOrDefaultAsync<FinishedRow>(Sql.Command("""
                select status as Before, @Status as Now, width * height * iterations as Work from fractals
                where uuid = @Uuid and (finished_at is null or (status = 'failed' and @Status = 'done'))
                """, outcome, cancellationToken, transaction));
            if (row is null)
            {
                continue;
            }
            finished.Add(row);
            fractals.AddRange(await UpdateAsync(connection, transaction, outcome, now, cancellationToken));
        }
        await connection.ExecuteAsync(TotalsTable.Add(SumsOf(finished), transaction, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return fractals;
    }

    public override async Task<IReadOnlyList<Fractal>> FindAsync(IReadOnlyList<Guid> uuids, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        (string Name, object Value)[] parameters = [.. uuids.Select((uuid, i) => ($"@u{i}", (object)uuid))];
        var names = string.Join(", ", parameters.Select(parameter => parameter.Name));
        return await ReadAsync(
            connection, $"select {FractalRow.Columns} from fractals f where f.uuid in ({names})", cancellationToken, parameters);
    }

    private static async Task<List<Fractal>> UpdateAsync(
        SqliteConnection connection, SqliteTransaction transaction, Outcome outcome, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(outcome);
        parameters.Add("now", now);
        await connection.ExecuteAsync(Sql.Command("""
            update fractals set status = @Status, checksum = @Checksum, size = @Size, duration = @Duration, generated_by = @GeneratedBy,
                error = @Error, finished_at = @now where uuid = @Uuid
            """, parameters, cancellationToken, transaction));
        await using var command = connection.CreateCommand();
        command.CommandText = $"select {FractalRow.Columns} from fractals f where f.uuid = @uuid";
        command.Transaction = transaction;
        command.Parameters.AddWithValue("@uuid", outcome.Uuid);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await FractalRow.ReadAllAsync(rows, cancellationToken);
    }

    // A row that had failed was counted as finished then.
    private static Totals SumsOf(List<FinishedRow> rows)
    {
        var first = rows.Where(row => row.Before is "queued" or "rendering").ToArray();
        var work = first.Sum(row => row.Work);
        return new Totals
        {
            Done = rows.Count(row => row.Now == "done"),
            Unfinished = -first.Length,
            WorkWaiting = -work,
            Finished = first.Length,
            WorkFinished = work,
        };
    }

    private sealed class FinishedRow
    {
        public required string Before { get; init; }
        public required string Now { get; init; }
        public long Work { get; init; }
    }
}
