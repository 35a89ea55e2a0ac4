using Dapper;
using Faafo.Api.Database;

namespace Faafo.Api.Outbox;

/// <summary>The outbox in PostgreSQL: row locks keep several APIs from publishing the same entries.</summary>
internal sealed class PostgresOutbox(PostgresDatabase database) : OutboxStore
{
    public override async Task<int> WithBatchAsync(
        int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The commit below makes the deletion final: entries that are not published reappear.
        var entries = (await connection.QueryAsync<OutboxEntry>(Sql.Command("""
            delete from outbox where id = any(array(select id from outbox order by id limit @most for update skip locked))
            returning id, body
            """, new { most }, cancellationToken, transaction))).AsList();
        if (entries.Count > 0)
        {
            entries.Sort((a, b) => a.Id.CompareTo(b.Id));
            await publish(entries);
        }
        await transaction.CommitAsync(cancellationToken);
        return entries.Count;
    }
}
