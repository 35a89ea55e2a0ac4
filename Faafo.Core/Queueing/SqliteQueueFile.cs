using Faafo.Storage;
using Microsoft.Data.Sqlite;

namespace Faafo.Queueing;

/// <summary>The SQLite file of a queue and its statements. All errors are <see cref="QueueUnavailableException"/>.</summary>
internal sealed class SqliteQueueFile(string path, TimeProvider time) : IAsyncDisposable
{
    private const string Schema = """
        create table if not exists tasks (
            id integer primary key autoincrement, body blob not null, deliveries integer not null default 0,
            owner text, leased_until integer not null default 0);
        create index if not exists tasks_ready on tasks (id) where owner is null;
        create index if not exists tasks_leased on tasks (leased_until) where owner is not null;
        create table if not exists consumers (owner text primary key, seen_until integer not null);
        create table if not exists dead_tasks (id integer primary key, body blob not null, reason text not null, at integer not null);
        """;

    // A lease may have expired while its holder was suspended; another consumer may have the task now, and then nothing changes.
    private const string Mine = "id = @id and owner = @owner and deliveries = @deliveries";

    // A published task must survive a power failure; a lease need not, because its task is then delivered again.
    private readonly SqliteFile _durable = new(path, Schema, durable: true);
    private readonly SqliteFile _quick = new(path, Schema, durable: false);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long LeaseEnd => Now + (long)SqliteTaskQueue.Lease.TotalMilliseconds;

    /// <summary>Appends tasks in one durable transaction.</summary>
    public Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken) =>
        TranslateErrorsAsync(() => _durable.WriteAsync((connection, transaction) =>
        {
            using var insert = connection.Command(transaction, "insert into tasks (body) values (@body)", ("@body", Array.Empty<byte>()));
            foreach (var message in messages)
            {
                insert.Parameters[0].Value = message.ToArray();
                insert.ExecuteNonQuery();
            }
            return messages.Count;
        }, cancellationToken));

    /// <summary>Counts waiting and leased tasks and live consumers.</summary>
    public Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken) =>
        TranslateErrorsAsync(() => _quick.ReadAsync(connection =>
        {
            using var command = connection.Command(null, """
                select (select count(*) from tasks where owner is null),
                       (select count(*) from tasks where owner is not null and leased_until <= @now),
                       (select count(*) from tasks where owner is not null and leased_until > @now),
                       (select count(*) from consumers where seen_until > @now)
                """, ("@now", Now));
            using var row = command.ExecuteReader();
            row.Read();
            return new QueueDepth(row.GetInt64(0) + row.GetInt64(1), row.GetInt64(2), row.GetInt32(3));
        }, cancellationToken));

    /// <summary>Leases the first tasks that are waiting or whose lease has expired, in the order of the queue.</summary>
    public Task<List<LeasedTask>> LeaseAsync(string owner, int most, CancellationToken cancellationToken) =>
        TranslateErrorsAsync(async () =>
        {
            // Read first: an idle worker must not take the file's only write lock at every poll.
            var any = await _quick.ReadAsync(connection => connection.Scalar<long>("""
                select exists (select 1 from tasks where owner is null)
                    or exists (select 1 from tasks where owner is not null and leased_until <= @now)
                """, ("@now", Now)) != 0, cancellationToken);
            if (!any)
            {
                return [];
            }
            return await _quick.WriteAsync((connection, transaction) => Lease(connection, transaction, owner, most), cancellationToken);
        });

    /// <summary>Renews the leases of a consumer, and its entry among the consumers if it is still receiving.</summary>
    public Task RenewAsync(string owner, bool isReceiving, IEnumerable<long> ids, CancellationToken cancellationToken) =>
        TranslateErrorsAsync(() => _quick.WriteAsync((connection, transaction) =>
        {
            if (isReceiving)
            {
                connection.Execute(transaction, "insert or replace into consumers values (@owner, @until)",
                    ("@owner", owner), ("@until", LeaseEnd));
            }
            connection.Execute(transaction, "delete from consumers where seen_until <= @now", ("@now", Now));
            foreach (var id in ids)
            {
                connection.Execute(transaction, "update tasks set leased_until = @until where id = @id and owner = @owner",
                    ("@id", id), ("@owner", owner), ("@until", LeaseEnd));
            }
            return true;
        }, cancellationToken));

    /// <summary>Deletes a leased task.</summary>
    public Task AcknowledgeAsync(string owner, LeasedTask task, CancellationToken cancellationToken) =>
        WriteAsync($"delete from tasks where {Mine}", cancellationToken, MineParameters(owner, task));

    /// <summary>Returns a leased task to its position.</summary>
    public Task ReturnAsync(string owner, LeasedTask task, CancellationToken cancellationToken) =>
        WriteAsync($"update tasks set owner = null, leased_until = 0 where {Mine}", cancellationToken, MineParameters(owner, task));

    /// <summary>Moves a leased task to the dead letters.</summary>
    public Task DeadLetterAsync(string owner, LeasedTask task, string reason, CancellationToken cancellationToken) => WriteAsync($"""
        insert into dead_tasks select id, body, @reason, @now from tasks where {Mine};
        delete from tasks where {Mine}
        """, cancellationToken, [.. MineParameters(owner, task), ("@reason", reason), ("@now", Now)]);

    /// <summary>Removes a consumer that no longer receives; its leases remain.</summary>
    public Task RemoveConsumerAsync(string owner, CancellationToken cancellationToken) =>
        WriteAsync("delete from consumers where owner = @owner", cancellationToken, ("@owner", owner));

    /// <summary>Returns all tasks of a consumer and removes it.</summary>
    public Task ReleaseConsumerAsync(string owner, CancellationToken cancellationToken) => WriteAsync("""
        update tasks set owner = null, leased_until = 0 where owner = @owner;
        delete from consumers where owner = @owner
        """, cancellationToken, ("@owner", owner));

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _durable.DisposeAsync();
        await _quick.DisposeAsync();
    }

    private List<LeasedTask> Lease(SqliteConnection connection, SqliteTransaction transaction, string owner, int most)
    {
        connection.Execute(transaction, "update tasks set owner = null where owner is not null and leased_until <= @now", ("@now", Now));
        using var lease = connection.Command(transaction, """
            update tasks set owner = @owner, leased_until = @until, deliveries = deliveries + 1
            where id in (select id from tasks where owner is null order by id limit @most)
            returning id, body, deliveries
            """, ("@owner", owner), ("@until", LeaseEnd), ("@most", most));
        using var rows = lease.ExecuteReader();
        var leased = new List<LeasedTask>();
        while (rows.Read())
        {
            leased.Add(new LeasedTask(rows.GetInt64(0), (byte[])rows[1], rows.GetInt32(2)));
        }
        leased.Sort((a, b) => a.Id.CompareTo(b.Id));    // "returning" guarantees no order
        return leased;
    }

    private static (string Name, object Value)[] MineParameters(string owner, LeasedTask task) =>
        [("@id", task.Id), ("@owner", owner), ("@deliveries", task.Deliveries)];

    private Task<int> WriteAsync(string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters) =>
        TranslateErrorsAsync(() =>
            _quick.WriteAsync((connection, transaction) => connection.Execute(transaction, sql, parameters), cancellationToken));

    private static async Task<T> TranslateErrorsAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new QueueUnavailableException($"SQLite file of the queue: {e.Message}", e);
        }
        catch (ObjectDisposedException e)
        {
            throw new QueueUnavailableException("the queue is closed", e);
        }
    }
}
