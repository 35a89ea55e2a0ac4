using System.Data.Common;
using Dapper;
using Faafo.Fractals;
using Npgsql;

namespace Faafo.Api.Database;

/// <summary>PostgreSQL: batches as arrays, one statement each, and row locks that several APIs step over.</summary>
internal sealed class PostgresDatabase : FractalDatabase
{
    // Any number that is ours alone; held while the schema is changed.
    private const long MigrationLock = 0x6661_6166_6f;

    private readonly NpgsqlDataSource _source;

    public PostgresDatabase(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = 50;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
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

    public override async Task<IReadOnlySet<Guid>> InsertAsync(
        IReadOnlyList<FractalTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var inserted = (await connection.QueryAsync<Guid>(Command("""
            insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, status, created_at)
            select u, w, h, i, xa, xb, ya, yb, cx, cy, 'queued', @now
            from unnest(@u, @w, @h, @i, @xa, @xb, @ya, @yb, @cx, @cy) as t (u, w, h, i, xa, xb, ya, yb, cx, cy)
            order by u on conflict do nothing returning uuid
            """, new
        {
            now,
            u = Column(tasks, t => t.Uuid),
            w = Column(tasks, t => t.Width),
            h = Column(tasks, t => t.Height),
            i = Column(tasks, t => t.Iterations),
            xa = Column(tasks, t => t.Xa),
            xb = Column(tasks, t => t.Xb),
            ya = Column(tasks, t => t.Ya),
            yb = Column(tasks, t => t.Yb),
            cx = Column(tasks, t => t.Cx!.Value),
            cy = Column(tasks, t => t.Cy!.Value),
        }, cancellationToken, transaction))).ToHashSet();
        var queued = tasks.Where(t => inserted.Contains(t.Uuid)).ToArray();
        await connection.ExecuteAsync(Command("insert into outbox (uuid, body) select * from unnest(@u, @b)",
            new { u = Column(queued, t => t.Uuid), b = Column(queued, t => t.ToUtf8()) }, cancellationToken, transaction));
        await connection.ExecuteAsync(AddToTotals(transaction, cancellationToken, fractals: queued.Length, unfinished: queued.Length,
            workWaiting: queued.Sum(t => t.Work()), accepted: queued.Length));
        await transaction.CommitAsync(cancellationToken);
        return inserted;
    }

    public override async Task FinishAsync(IReadOnlyList<Outcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Locked in the order of uuid: two APIs that enter the same outcomes wait for each other instead of deadlocking.
        var rows = (await connection.QueryAsync<FinishedRow>(Command("""
            with outcome as (select * from unnest(@u, @s, @c, @z, @d, @g, @e) as t (uuid, status, checksum, size, duration, node, error)),
                 before as (select f.uuid, f.status from fractals f join outcome o on o.uuid = f.uuid
                            where f.finished_at is null or (f.status = 'failed' and o.status = 'done') order by f.uuid for update of f)
            update fractals f set status = o.status, checksum = o.checksum, size = o.size, duration = o.duration, generated_by = o.node,
                error = o.error, finished_at = @now
            from outcome o join before b on b.uuid = o.uuid where f.uuid = o.uuid
            returning b.status as Before, f.status as Now, f.width::bigint * f.height * f.iterations as Work
            """, new
        {
            now,
            u = Column(outcomes, o => o.Uuid),
            s = Column(outcomes, o => o.Status),
            c = Column(outcomes, o => o.Checksum),
            z = Column(outcomes, o => o.Size),
            d = Column(outcomes, o => o.Duration),
            g = Column(outcomes, o => o.GeneratedBy),
            e = Column(outcomes, o => o.Error),
        }, cancellationToken, transaction))).AsList();
        await connection.ExecuteAsync(AddFinished(rows, transaction, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    public override async Task<int> PublishAsync(
        int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var entries = (await connection.QueryAsync<OutboxEntry>(Command(
            "select id, body from outbox order by id limit @most for update skip locked", new { most }, cancellationToken, transaction))).AsList();
        if (entries.Count > 0)
        {
            await publish(entries);
            await connection.ExecuteAsync(Command("delete from outbox where id = any(@ids)", new { ids = Column(entries, e => e.Id) },
                cancellationToken, transaction));
        }
        await transaction.CommitAsync(cancellationToken);
        return entries.Count;
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override string In(string parameter) => $"= any(@{parameter})";

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }
        return column;
    }
}
