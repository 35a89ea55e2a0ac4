using Faafo.Api.Database;
using Faafo.Api.Queue;
using Faafo.Fractals;
using Npgsql;

namespace Faafo.Api.Fractals;

/// <summary>Fractals in PostgreSQL: a batch is one statement, and so one transaction in one round trip.</summary>
internal sealed class PostgresFractalStore(PostgresDatabase database) : FractalStore(database)
{
    // Limits in seconds, for commits and for lookups by key: clients are waiting.
    private const int CommitTimeout = 10;
    private const int FindTimeout = 5;

    private static readonly int TaskColumns = FractalRow.TaskColumns.Length;

    // Parameters: an array for each task column, one of the messages, the time, the shard of the totals.
    private static readonly string Insert = $"""
        with task as (select * from unnest({string.Join(", ", Enumerable.Range(1, TaskColumns + 1).Select(n => $"${n}"))})
                          as t ({FractalRow.TaskColumnNames}, body)),
             fresh as (insert into fractals ({FractalRow.TaskColumnNames}, status, created_at)
                       select {FractalRow.TaskColumnNames}, 'queued', ${TaskColumns + 2} from task order by uuid
                       on conflict do nothing returning uuid, width::bigint * height * iterations as work),
             queued as (insert into outbox (uuid, body) select task.uuid, task.body from task join fresh on fresh.uuid = task.uuid),
             sums as ({TotalsTable.Add($"""
                 select ${TaskColumns + 3}, count(*), 0, count(*), coalesce(sum(work), 0), count(*), 0, 0 from fresh
                 """)})
        select uuid from fresh
        """;

    // Rows are locked in the order of uuid: two APIs that record the same outcomes wait for each other instead of deadlocking. A row that
    // had failed was counted as finished then.
    private static readonly string Finish = $"""
        with outcome as (select * from unnest($1, $2, $3, $4, $5, $6, $7) as t (uuid, status, checksum, size, duration, node, error)),
             before as (select f.uuid, f.status = 'failed' as counted from fractals f join outcome o on o.uuid = f.uuid
                        where f.finished_at is null or (f.status = 'failed' and o.status = 'done') order by f.uuid for update of f),
             entered as (update fractals f set status = o.status, checksum = o.checksum, size = o.size, duration = o.duration,
                            generated_by = o.node, error = o.error, finished_at = $8
                         from outcome o join before b on b.uuid = o.uuid where f.uuid = o.uuid
                         returning {FractalRow.Columns}, b.counted, f.width::bigint * f.height * f.iterations as work),
             sums as ({TotalsTable.Add("""
                 select $9, 0, count(*) filter (where status = 'done'), -count(*) filter (where not counted),
                     -coalesce(sum(work) filter (where not counted), 0), 0, count(*) filter (where not counted),
                     coalesce(sum(work) filter (where not counted), 0) from entered
                 """)})
        select {FractalRow.Columns} from entered f
        """;

    private static readonly string Find = $"select {FractalRow.Columns} from fractals f where f.uuid = any($1)";

    public override async Task<IReadOnlySet<Guid>> InsertAsync(
        IReadOnlyList<FractalTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Insert);
        command.CommandTimeout = CommitTimeout;
        foreach (var column in FractalRow.TaskColumns)
        {
            command.Parameters.Add(column.ArrayOf(tasks));
        }
        command.Parameters.Add(PostgresDatabase.Column(tasks, task => task.ToUtf8()));
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = TotalsTable.Shard });
        var inserted = new HashSet<Guid>(tasks.Count);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            inserted.Add(rows.GetGuid(0));
        }
        return inserted;
    }

    public override async Task<IReadOnlyList<Fractal>> FinishAsync(
        IReadOnlyList<Outcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Finish);
        command.CommandTimeout = CommitTimeout;
        command.Parameters.Add(PostgresDatabase.Column(outcomes, o => o.Uuid));
        command.Parameters.Add(PostgresDatabase.Column(outcomes, o => o.Status));
        command.Parameters.Add(PostgresDatabase.Column(outcomes, o => o.Checksum));
        command.Parameters.Add(PostgresDatabase.Column(outcomes, o => o.Size));
        command.Parameters.Add(PostgresDatabase.Column(outcomes, o => o.Duration));
        command.Parameters.Add(PostgresDatabase.Column(outcomes, o => o.GeneratedBy));
        command.Parameters.Add(PostgresDatabase.Column(outcomes, o => o.Error));
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = TotalsTable.Shard });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await FractalRow.ReadAllAsync(rows, cancellationToken);
    }

    public override async Task<IReadOnlyList<Fractal>> FindAsync(IReadOnlyList<Guid> uuids, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Find);
        command.CommandTimeout = FindTimeout;
        command.Parameters.Add(PostgresDatabase.Column(uuids, uuid => uuid));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await FractalRow.ReadAllAsync(rows, cancellationToken);
    }
}
