using System.Diagnostics;
using Faafo.Api.Database;

namespace Faafo.Api.Outbox;

/// <summary>Table <c>outbox</c>: accepted tasks that the broker has not confirmed yet. It is filled where fractals are inserted.</summary>
internal abstract class OutboxStore
{
    /// <summary>Returns the store that fits a database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="time">The clock of claims, which only SQLite needs.</param>
    public static OutboxStore Of(FaafoDatabase database, TimeProvider time) => database switch
    {
        PostgresDatabase postgres => new PostgresOutbox(postgres),
        SqliteDatabase sqlite => new SqliteOutbox(sqlite.File, time),
        _ => throw new UnreachableException(),
    };

    /// <summary>
    /// Passes the oldest entries to <paramref name="publish"/> and deletes them once it succeeds; skips entries that another API is
    /// publishing. Returns how many entries there were.
    /// </summary>
    public abstract Task<int> WithBatchAsync(
        int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken);
}
