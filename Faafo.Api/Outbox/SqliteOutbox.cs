using Faafo.Storage;
using Microsoft.Data.Sqlite;

namespace Faafo.Api.Outbox;

/// <summary>
/// The outbox in SQLite, which has no row locks and one writer. Several APIs on one file claim entries in a short transaction, publish them
/// without a lock, and delete them. A claim is renewed while its holder runs; it expires <see cref="Lease"/> after the holder died, and the
/// other APIs publish its entries.
/// </summary>
internal sealed class SqliteOutbox : OutboxStore, IAsyncDisposable
{
    /// <summary>How long a claim lasts without renewal.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // The outbox never reuses ids, so the claim of a deleted entry cannot apply to another one.
    private const string Schema =
        "create table if not exists outbox_claims (entry integer primary key, claim text not null, claimed_until integer not null)";

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;

    /// <summary>Opens nothing yet.</summary>
    public SqliteOutbox(string path, TimeProvider time)
    {
        _time = time;
        // Not durable: a claim or deletion lost in a power failure costs a second message, which changes nothing. Entries are durable.
        _file = new SqliteFile(path, Schema, durable: false);
    }

    public override async Task<int> WithBatchAsync(
        int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken)
    {
        var claim = Guid.NewGuid().ToString("N");
        var entries = await ClaimAsync(claim, most, cancellationToken);
        if (entries.Count == 0)
        {
            return 0;
        }
        using var published = new CancellationTokenSource();
        var renewing = RenewAsync(claim, published.Token);
        try
        {
            await publish(entries);
        }
        catch
        {
            await EndRenewalAsync();
            await WriteAsync("delete from outbox_claims where claim = @claim", claim);
            throw;
        }
        await EndRenewalAsync();
        await WriteAsync("""
            delete from outbox where id in (select entry from outbox_claims where claim = @claim);
            delete from outbox_claims where claim = @claim
            """, claim);
        return entries.Count;

        async Task EndRenewalAsync()
        {
            await published.CancelAsync();
            await renewing;
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async Task<List<OutboxEntry>> ClaimAsync(string claim, int most, CancellationToken cancellationToken)
    {
        // Read first: an idle API must not take the file's only write lock each time it polls.
        var isAny = await _file.ReadAsync(connection => connection.Scalar<long>("""
            select exists (select 1 from outbox where id not in (select entry from outbox_claims where claimed_until > @now))
            """, ("@now", Now())) != 0, cancellationToken);
        if (!isAny)
        {
            return [];
        }
        return await _file.WriteAsync((connection, transaction) =>
        {
            connection.Execute(transaction, "delete from outbox_claims where claimed_until <= @now", ("@now", Now()));
            connection.Execute(transaction, """
                insert into outbox_claims select id, @claim, @until from outbox where id not in (select entry from outbox_claims)
                order by id limit @most
                """, ("@claim", claim), ("@until", LeaseEnd()), ("@most", most));
            using var select = connection.Command(transaction, """
                select id, body from outbox where id in (select entry from outbox_claims where claim = @claim) order by id
                """, ("@claim", claim));
            using var rows = select.ExecuteReader();
            var entries = new List<OutboxEntry>();
            while (rows.Read())
            {
                entries.Add(new OutboxEntry(rows.GetInt64(0), (byte[])rows[1]));
            }
            return entries;
        }, cancellationToken);
    }

    private async Task RenewAsync(string claim, CancellationToken published)
    {
        using var timer = new PeriodicTimer(Lease / 3, _time);
        while (await TickAsync())
        {
            try
            {
                await WriteAsync("update outbox_claims set claimed_until = @until where claim = @claim", claim, ("@until", LeaseEnd()));
            }
            catch (SqliteException)
            {
                // The next round retries. If all fail, the claim expires, which costs a second message and loses none.
            }
        }

        async Task<bool> TickAsync()
        {
            try
            {
                return await timer.WaitForNextTickAsync(published);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    // Not cancelled on shutdown: entries that are published but not deleted would be published again by another API.
    private Task<int> WriteAsync(string sql, string claim, params (string, object)[] more) => _file.WriteAsync(
        (connection, transaction) => connection.Execute(transaction, sql, [("@claim", claim), .. more]), CancellationToken.None);

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long LeaseEnd() => Now() + (long)Lease.TotalMilliseconds;
}
