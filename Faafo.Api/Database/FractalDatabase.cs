using System.Data.Common;
using Dapper;
using Faafo.Api.Outbox;
using Faafo.Api.Queue;
using Faafo.Fractals;

namespace Faafo.Api.Database;

/// <summary>
/// The rows, on PostgreSQL or SQLite. What both say in the same words is written here, with Dapper; what they say differently
/// (batches, locks, types) is in the two subclasses.
/// </summary>
internal abstract class FractalDatabase : IAsyncDisposable
{
    /// <summary>Adds new sums to those that this API has already.</summary>
    protected const string OnTotals = """
        on conflict (shard) do update set fractals = totals.fractals + excluded.fractals, done = totals.done + excluded.done,
            unfinished = totals.unfinished + excluded.unfinished, work_waiting = totals.work_waiting + excluded.work_waiting,
            accepted = totals.accepted + excluded.accepted, finished = totals.finished + excluded.finished,
            work_finished = totals.work_finished + excluded.work_finished
        """;

    // Each API adds to its own row of "totals", so that several APIs do not wait for one another's commits.
    protected int Shard { get; } = Math.Abs(Environment.ProcessId) % 64;

    /// <summary>Opens a database; nothing is connected yet.</summary>
    /// <param name="databaseUrl"><c>postgresql://user:password@host:5432,host2:5432/name?option=value</c> or <c>sqlite:PATH</c>.</param>
    /// <param name="time">The clock of claims on the outbox.</param>
    /// <exception cref="FormatException">The URL is neither.</exception>
    public static FractalDatabase Open(string databaseUrl, TimeProvider time)
    {
        DatabaseTypes.Register();
        return databaseUrl.StartsWith("sqlite:", StringComparison.Ordinal) && databaseUrl.Length > "sqlite:".Length
            ? new SqliteDatabase(databaseUrl["sqlite:".Length..], time)
            : new PostgresDatabase(PostgresUrl.Parse(databaseUrl));
    }

    /// <summary>A connection from the pool.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Creates or upgrades the schema; several APIs may do so at once.</summary>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Inserts rows with their outbox entries in one transaction; returns the uuids that were new.</summary>
    public abstract Task<IReadOnlySet<Guid>> InsertAsync(IReadOnlyList<FractalTask> tasks, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Enters outcomes in one transaction; a finished row stays as it is, but a failed one may become done. Returns the rows that changed,
    /// as they are now.
    /// </summary>
    public abstract Task<IReadOnlyList<Fractal>> FinishAsync(IReadOnlyList<Outcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Hands the oldest outbox entries to <paramref name="publish"/> and deletes them when it returns; entries that another API
    /// holds are passed over. Returns how many there were.
    /// </summary>
    public abstract Task<int> PublishAsync(int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken);

    /// <summary>Closes the pool.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Those of some rows that are there, in no order.</summary>
    public abstract Task<IReadOnlyList<Fractal>> FindAsync(IReadOnlyList<Guid> uuids, CancellationToken cancellationToken);

    /// <summary>
    /// A page of rows in the order of uuid, with the number of all rows: those behind <paramref name="after"/>, or else behind
    /// <paramref name="skip"/> rows. Skipping walks the index from its nearer end, so that the first and the last page cost the same.
    /// </summary>
    public async Task<(IReadOnlyList<Fractal> Rows, long Count)> ListAsync(Guid? after, long skip, int most, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        if (after is not null || skip == 0)
        {
            // As those ask who follow the links: rows and count in one turn of the network.
            return await PageAsync(connection, after is not null ? "where uuid > @after" : "", most, after, cancellationToken);
        }
        var count = await connection.ExecuteScalarAsync<long>(Command(CountAll, null, cancellationToken));
        var fromEnd = skip > count / 2;
        var take = fromEnd ? (int)Math.Clamp(count - skip, 0, most) : most;
        var ids = fromEnd ? "select uuid from fractals order by uuid desc limit @take offset @skip"
            : "select uuid from fractals order by uuid limit @take offset @skip";
        var rows = await FractalsAsync(connection,
            $"select {FractalRow.Columns} from ({ids}) page join fractals f on f.uuid = page.uuid order by f.uuid", cancellationToken,
            ("@take", take), ("@skip", fromEnd ? Math.Max(0, count - skip - take) : skip));
        return (rows, count);
    }

    /// <summary>Rows with an image, the newest first.</summary>
    public async Task<IReadOnlyList<Fractal>> ListDoneAsync(long skip, int most, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        return await FractalsAsync(connection, $"""
            select {FractalRow.Columns} from fractals f where f.status = 'done'
            order by f.finished_at desc, f.uuid limit @most offset @skip
            """, cancellationToken, ("@most", most), ("@skip", skip));
    }

    /// <summary>Deletes a row and what of it waits in the outbox; false when there was none.</summary>
    public async Task<bool> DeleteAsync(Guid uuid, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var gone = await connection.QueryFirstOrDefaultAsync<GoneRow>(Command("""
            delete from fractals where uuid = @uuid
            returning status as Status, cast(width as bigint) * height * iterations as Work
            """, new { uuid }, cancellationToken, transaction));
        if (gone is null)
        {
            return false;
        }
        await connection.ExecuteAsync(Command("delete from outbox where uuid = @uuid", new { uuid }, cancellationToken, transaction));
        var unfinished = gone.Status is "queued" or "rendering";
        await connection.ExecuteAsync(AddToTotals(transaction, cancellationToken, fractals: -1, done: gone.Status == "done" ? -1 : 0,
            unfinished: unfinished ? -1 : 0, workWaiting: unfinished ? -gone.Work : 0));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Marks fractals that a worker says it draws.</summary>
    public async Task MarkRenderingAsync(Guid[] uuids, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            Command($"update fractals set status = 'rendering' where status = 'queued' and uuid {In("uuids")}", new { uuids }, cancellationToken));
    }

    /// <summary>The sums over all fractals.</summary>
    public async Task<Totals> GetTotalsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        return await connection.QuerySingleAsync<Totals>(Command("""
            select cast(coalesce(sum(fractals), 0) as bigint) as Fractals, cast(coalesce(sum(done), 0) as bigint) as Done,
                   cast(coalesce(sum(unfinished), 0) as bigint) as Unfinished, cast(coalesce(sum(work_waiting), 0) as bigint) as WorkWaiting,
                   cast(coalesce(sum(accepted), 0) as bigint) as Accepted, cast(coalesce(sum(finished), 0) as bigint) as Finished,
                   cast(coalesce(sum(work_finished), 0) as bigint) as WorkFinished
            from totals
            """, null, cancellationToken));
    }

    /// <summary>When the oldest unfinished fractal was accepted, and how many accepted ones are not published.</summary>
    public async Task<Backlog> GetBacklogAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        var oldest = await connection.ExecuteScalarAsync<DateTimeOffset?>(
            Command("select created_at from fractals where finished_at is null order by created_at limit 1", null, cancellationToken));
        return new Backlog(oldest, await connection.ExecuteScalarAsync<long>(Command("select count(*) from outbox", null, cancellationToken)));
    }

    private const string CountAll = "select cast(coalesce(sum(fractals), 0) as bigint) from totals";

    /// <summary>How this database says "is one of the array parameter".</summary>
    protected abstract string In(string parameter);

    protected static CommandDefinition Command(
        string sql, object? parameters, CancellationToken cancellationToken, DbTransaction? transaction = null) =>
        new(sql, parameters, transaction, cancellationToken: cancellationToken);

    protected CommandDefinition AddToTotals(DbTransaction transaction, CancellationToken cancellationToken, long fractals = 0, long done = 0,
        long unfinished = 0, long workWaiting = 0, long accepted = 0, long finished = 0, long workFinished = 0) => Command("""
            insert into totals (shard, fractals, done, unfinished, work_waiting, accepted, finished, work_finished)
            values (@Shard, @fractals, @done, @unfinished, @workWaiting, @accepted, @finished, @workFinished)
            """ + "\n" + OnTotals, new { Shard, fractals, done, unfinished, workWaiting, accepted, finished, workFinished }, cancellationToken, transaction);

    private static async Task<(IReadOnlyList<Fractal> Rows, long Count)> PageAsync(
        DbConnection connection, string where, int most, Guid? after, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand(connection, $"select {FractalRow.Columns} from fractals f {where} order by f.uuid limit @most; {CountAll}",
            after is { } uuid ? [("@most", most), ("@after", uuid)] : [("@most", most)]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var fractals = await ReadAsync(rows, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return (fractals, rows.GetInt64(0));
    }

    protected static async Task<IReadOnlyList<Fractal>> FractalsAsync(
        DbConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = CreateCommand(connection, sql, parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(rows, cancellationToken);
    }

    private static DbCommand CreateCommand(DbConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    /// <summary>The rows that a reader stands before, in the order of <see cref="FractalRow.Columns"/>.</summary>
    protected static async Task<List<Fractal>> ReadAsync(DbDataReader rows, CancellationToken cancellationToken)
    {
        var fractals = new List<Fractal>();
        while (await rows.ReadAsync(cancellationToken))
        {
            fractals.Add(FractalRow.Read(rows));
        }
        return fractals;
    }

    private sealed class GoneRow
    {
        public required string Status { get; init; }
        public long Work { get; init; }
    }
}
