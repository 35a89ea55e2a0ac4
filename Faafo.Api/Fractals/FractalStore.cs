using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Faafo.Api.Database;
using Faafo.Api.Queue;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// The rows of table <c>fractals</c>. Statements that both databases understand are here; batches and lookups by a list of uuids are in
/// <see cref="PostgresFractalStore"/> and <see cref="SqliteFractalStore"/>.
/// </summary>
internal abstract class FractalStore(FaafoDatabase database)
{
    /// <summary>Returns the store that fits a database.</summary>
    public static FractalStore Of(FaafoDatabase database) => database switch
    {
        PostgresDatabase postgres => new PostgresFractalStore(postgres),
        SqliteDatabase sqlite => new SqliteFractalStore(sqlite),
        _ => throw new UnreachableException(),
    };

    /// <summary>Inserts rows with their outbox entries in one transaction; returns the uuids that were new.</summary>
    public abstract Task<IReadOnlySet<Guid>> InsertAsync(
        IReadOnlyList<FractalTask> tasks, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Records outcomes in one transaction. A finished row does not change, except that a failed one may become done. Returns the changed
    /// rows in their new state.
    /// </summary>
    public abstract Task<IReadOnlyList<Fractal>> FinishAsync(
        IReadOnlyList<Outcome> outcomes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Finds rows by uuid; unknown uuids are left out, and the order is arbitrary.</summary>
    public abstract Task<IReadOnlyList<Fractal>> FindAsync(IReadOnlyList<Guid> uuids, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a page of rows in the order of uuid, and counts all rows. The page begins after <paramref name="after"/> or else after
    /// <paramref name="skip"/> rows. Skipping walks the index from its nearer end, so that the first and the last page cost the same.
    /// </summary>
    public async Task<(IReadOnlyList<Fractal> Rows, long Count)> ListAsync(
        Guid? after, long skip, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        if (after is not null || skip == 0)
        {
            // The case of clients that follow the links: rows and count in one round trip.
            return await ReadPageAsync(connection, after, most, cancellationToken);
        }
        var count = await connection.ExecuteScalarAsync<long>(Sql.Command(TotalsTable.CountFractals, null, cancellationToken));
        var fromEnd = skip > count / 2;
        var take = fromEnd ? (int)Math.Clamp(count - skip, 0, most) : most;
        var ids = fromEnd
            ? "select uuid from fractals order by uuid desc limit @take offset @skip"
            : "select uuid from fractals order by uuid limit @take offset @skip";
        var rows = await ReadAsync(connection,
            $"select {FractalRow.Columns} from ({ids}) page join fractals f on f.uuid = page.uuid order by f.uuid", cancellationToken,
            ("@take", take), ("@skip", fromEnd ? Math.Max(0, count - skip - take) : skip));
        return (rows, count);
    }

    /// <summary>Reads rows with an image, the newest first.</summary>
    public async Task<IReadOnlyList<Fractal>> ListDoneAsync(long skip, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await ReadAsync(connection, $"""
            select {FractalRow.Columns} from fractals f where f.status = 'done'
            order by f.finished_at desc, f.uuid limit @most offset @skip
            """, cancellationToken, ("@most", most), ("@skip", skip));
    }

    /// <summary>Deletes a row and its outbox entry; false when there was no such row.</summary>
    public async Task<bool> DeleteAsync(Guid uuid, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var deleted = await connection.QueryFirstOrDefaultAsync<DeletedRow>(Sql.Command("""
            delete from fractals where uuid = @uuid
            returning status as Status, cast(width as bigint) * height * iterations as Work
            """, new { uuid }, cancellationToken, transaction));
        if (deleted is null)
        {
            return false;
        }
        await connection.ExecuteAsync(Sql.Command("delete from outbox where uuid = @uuid", new { uuid }, cancellationToken, transaction));
        var unfinished = deleted.Status is "queued" or "rendering";
        var difference = new Totals
        {
            Fractals = -1,
            Done = deleted.Status == "done" ? -1 : 0,
            Unfinished = unfinished ? -1 : 0,
            WorkWaiting = unfinished ? -deleted.Work : 0,
        };
        await connection.ExecuteAsync(TotalsTable.Add(difference, transaction, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Marks queued fractals as being drawn.</summary>
    public async Task MarkRenderingAsync(Guid[] uuids, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(Sql.Command(
            $"update fractals set status = 'rendering' where status = 'queued' and uuid {database.In("uuids")}",
            new { uuids }, cancellationToken));
    }

    /// <summary>Runs a query that selects <see cref="FractalRow.Columns"/>.</summary>
    protected static async Task<IReadOnlyList<Fractal>> ReadAsync(
        DbConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = CreateCommand(connection, sql, parameters);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await FractalRow.ReadAllAsync(rows, cancellationToken);
    }

    private static async Task<(IReadOnlyList<Fractal> Rows, long Count)> ReadPageAsync(
        DbConnection connection, Guid? after, int most, CancellationToken cancellationToken)
    {
        var where = after is null ? "" : "where uuid > @after";
        await using var command = CreateCommand(connection,
            $"select {FractalRow.Columns} from fractals f {where} order by f.uuid limit @most; {TotalsTable.CountFractals}",
            after is { } uuid ? [("@most", most), ("@after", uuid)] : [("@most", most)]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var fractals = await FractalRow.ReadAllAsync(rows, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return (fractals, rows.GetInt64(0));
    }

    private static DbCommand CreateCommand(DbConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private sealed class DeletedRow
    {
        public required string Status { get; init; }
        public long Work { get; init; }
    }
}
