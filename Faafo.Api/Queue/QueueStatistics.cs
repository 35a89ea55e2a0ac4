using Dapper;
using Faafo.Api.Database;

namespace Faafo.Api.Queue;

/// <summary>Reads from the database how much has been accepted, waits and is finished; never by counting fractals.</summary>
internal sealed class QueueStatistics(FaafoDatabase database)
{
    /// <summary>Reads the sums over all fractals.</summary>
    public async Task<Totals> GetTotalsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.QuerySingleAsync<Totals>(Sql.Command(TotalsTable.Sum, null, cancellationToken));
    }

    /// <summary>Reads when the oldest unfinished fractal was accepted, and how many accepted ones are not published.</summary>
    public async Task<Backlog> GetBacklogAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var oldest = await connection.ExecuteScalarAsync<DateTimeOffset?>(Sql.Command(
            "select created_at from fractals where finished_at is null order by created_at limit 1", null, cancellationToken));
        var unpublished = await connection.ExecuteScalarAsync<long>(Sql.Command("select count(*) from outbox", null, cancellationToken));
        return new Backlog(oldest, unpublished);
    }
}
