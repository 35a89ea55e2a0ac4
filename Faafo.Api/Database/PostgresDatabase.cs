using System.Data.Common;
using Dapper;
using Faafo.Api.Outbox;
using Faafo.Fractals;
using Npgsql;

namespace Faafo.Api.Database;

/// <summary>PostgreSQL: batches as arrays, one statement each, and row locks that several APIs step over.</summary>
internal sealed class PostgresDatabase : FractalDatabase
{
    // Any number that is ours alone; held while the schema is changed.
    private const long MigrationLock = 0x6661_6166_6f;

    // What a commit may take, in seconds; clients wait for it.
    private const int CommitTimeout = 10;

    // The same of a few rows by their key.
    private const int FindTimeout = 5;

    // Every statement here finds its rows by an index. PostgreSQL keeps the plan of a prepared one: made while a table is young, it
    // would read the whole of it for each result, until the statistics are made anew. No statement is long enough to be worth compiling.
    private const string SessionSettings = "set enable_seqscan = off; set jit = off";

    private readonly NpgsqlDataSource _source;

    public PostgresDatabase(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = 50;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        // Nothing of a session is ever changed but what follows; to reset it takes seven statements each time.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(connection => connection.Execute(SessionSettings), connection => connection.ExecuteAsync(SessionSettings));
        _source = builder.ConnectionStringBuilder.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await _source.OpenConnectionAsync(cancellationToken);

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Command("select pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, cancellationToken, transaction));
        await Schema.UpgradeAsync(connection, transaction, sql => sql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // One statement, and so one transaction in one turn of the network.
    public override async Task<IReadOnlySet<Guid>> InsertAsync(
        IReadOnlyList<FractalTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand($"""
            with task as (select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as t (u, w, h, i, xa, xb, ya, yb, cx, cy, body)),
                 fresh as (insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, status, created_at)
                           select u, w, h, i, xa, xb, ya, yb, cx, cy, 'queued', $12 from task order by u
                           on conflict do nothing returning uuid, width::bigint * height * iterations as work),
                 queued as (insert into outbox (uuid, body) select u, body from task join fresh on uuid = u),
                 sums as ({AddToTotals("select $13, count(*), 0, count(*), coalesce(sum(work), 0), count(*), 0, 0 from fresh")})
            select uuid from fresh
            """);
        command.CommandTimeout = CommitTimeout;
        Add(command, tasks, t => t.Uuid);
        Add(command, tasks, t => t.Width);
        Add(command, tasks, t => t.Height);
        Add(command, tasks, t => t.Iterations);
        Add(command, tasks, t => t.Xa);
        Add(command, tasks, t => t.Xb);
        Add(command, tasks, t => t.Ya);
        Add(command, tasks, t => t.Yb);
        Add(command, tasks, t => t.Cx!.Value);
        Add(command, tasks, t => t.Cy!.Value);
        Add(command, tasks, t => t.ToUtf8());
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Shard });
        var inserted = new HashSet<Guid>(tasks.Count);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            inserted.Add(rows.GetGuid(0));
        }
        return inserted;
    }

    public override async Task<IReadOnlyList<Fractal>> FinishAsync(IReadOnlyList<Outcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Locked in the order of uuid: two APIs that enter the same outcomes wait for each other instead of deadlocking. A row that
        // was failed before was counted as finished then.
        await using var command = _source.CreateCommand($"""
            with outcome as (select * from unnest($1, $2, $3, $4, $5, $6, $7) as t (uuid, status, checksum, size, duration, node, error)),
                 before as (select f.uuid, f.status = 'failed' as counted from fractals f join outcome o on o.uuid = f.uuid
                            where f.finished_at is null or (f.status = 'failed' and o.status = 'done') order by f.uuid for update of f),
                 entered as (update fractals f set status = o.status, checksum = o.checksum, size = o.size, duration = o.duration,
                                generated_by = o.node, error = o.error, finished_at = $8
                             from outcome o join before b on b.uuid = o.uuid where f.uuid = o.uuid
                             returning {FractalRow.Columns}, b.counted, f.width::bigint * f.height * f.iterations as work),
                 sums as ({AddToTotals("""
                     select $9, 0, count(*) filter (where status = 'done'), -count(*) filter (where not counted),
                         -coalesce(sum(work) filter (where not counted), 0), 0, count(*) filter (where not counted),
                         coalesce(sum(work) filter (where not counted), 0) from entered
                     """)})
            select {FractalRow.Columns} from entered f
            """);
        command.CommandTimeout = CommitTimeout;
        Add(command, outcomes, o => o.Uuid);
        Add(command, outcomes, o => o.Status);
        Add(command, outcomes, o => o.Checksum);
        Add(command, outcomes, o => o.Size);
        Add(command, outcomes, o => o.Duration);
        Add(command, outcomes, o => o.GeneratedBy);
        Add(command, outcomes, o => o.Error);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Shard });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(rows, cancellationToken);
    }

    public override async Task<int> PublishAsync(
        int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Gone for good only with the commit below: what is not published comes back.
        var entries = (await connection.QueryAsync<OutboxEntry>(Command("""
            delete from outbox where id = any(array(select id from outbox order by id limit @most for update skip locked)) returning id, body
            """, new { most }, cancellationToken, transaction))).AsList();
        if (entries.Count > 0)
        {
            entries.Sort((a, b) => a.Id.CompareTo(b.Id));
            await publish(entries);
        }
        await transaction.CommitAsync(cancellationToken);
        return entries.Count;
    }

    public override async Task<IReadOnlyList<Fractal>> FindAsync(IReadOnlyList<Guid> uuids, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand($"select {FractalRow.Columns} from fractals f where f.uuid = any($1)");
        command.CommandTimeout = FindTimeout;
        Add(command, uuids, uuid => uuid);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(rows, cancellationToken);
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override string In(string parameter) => $"= any(@{parameter})";

    private static string AddToTotals(string rows) => $"""
        insert into totals (shard, fractals, done, unfinished, work_waiting, accepted, finished, work_finished) {rows}
        {OnTotals}
        """;

    private static void Add<TRow, TColumn>(NpgsqlCommand command, IReadOnlyList<TRow> rows, Func<TRow, TColumn> value)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }
        command.Parameters.Add(new NpgsqlParameter<TColumn[]> { TypedValue = column });
    }
}
