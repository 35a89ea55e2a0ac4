using Faafo.Storage;
using Microsoft.Data.Sqlite;

namespace Faafo.Api.Outbox;

/// <summary>
/// Lets several APIs on one SQLite file publish each entry of the outbox once. SQLite has no row locks and one writer, so entries are
/// claimed in a short transaction, published without a lock, and deleted. A claim is renewed while its holder lives; the claim of a dead
/// one ends after <see cref="Lease"/>, and its entries are published by the others.
/// </summary>
internal sealed class OutboxClaims : IAsyncDisposable
{
    /// <summary>How long the claim of a dead API lasts.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // Ids of the outbox are never given twice, so that the claim of a deleted entry claims no other.
    private const string Schema =
        "create table if not exists outbox_claims (entry integer primary key, claim text not null, claimed_until integer not null)";

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;

    /// <summary>Nothing is opened yet.</summary>
    public OutboxClaims(string path, TimeProvider time)
    {
        _time = time;
        // A claim or deletion that a power failure takes back costs a second message, which changes nothing; entries are durable.
        _file = new SqliteFile(path, Schema, durable: false);
    }

    /// <summary>Hands the oldest unclaimed entries to <paramref name="publish"/> and deletes them; returns how many there were.</summary>
    public async Task<int> PublishAsync(int most, Func<IReadOnlyList<OutboxEntry>, Task> publish, CancellationToken cancellationToken)
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
        // Reading first: an idle API must not take the file's one write lock each time it looks.
        var any = await _file.ReadAsync(connection => connection.Scalar<long>("""
            select exists (select 1 from outbox where id not in (select entry from outbox_claims where claimed_until > @now))
            """, ("@now", Now())) != 0, cancellationToken);
        return !any ? [] : await _file.WriteAsync((connection, transaction) =>
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
                // The next round tries again; if none succeeds, the claim ends, which costs a second message and loses none.
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

    // Not cancelled by a stop: what was published is deleted, or another API would publish it again.
    private Task<int> WriteAsync(string sql, string claim, params (string, object)[] more) => _file.WriteAsync(
        (connection, transaction) => connection.Execute(transaction, sql, [("@claim", claim), .. more]), CancellationToken.None);

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long LeaseEnd() => Now() + (long)Lease.TotalMilliseconds;
}
