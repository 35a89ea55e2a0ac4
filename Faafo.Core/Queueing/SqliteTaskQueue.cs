using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Faafo.Storage;
using Microsoft.Data.Sqlite;

namespace Faafo.Queueing;

/// <summary>
/// The queue in one SQLite file, shared by the processes of one machine. A worker leases a task for <see cref="Lease"/> and renews
/// the lease while it lives; a dead worker's lease runs out and the task comes again. A task's place is its id.
/// </summary>
internal sealed class SqliteTaskQueue : ITaskQueue
{
    /// <summary>How long a task of a dead worker stays away.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // An idle worker asks this often; one indexed read of an empty table costs some 20 microseconds.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private const string Schema = """
        create table if not exists tasks (
            id integer primary key autoincrement, body blob not null, deliveries integer not null default 0,
            owner text, leased_until integer not null default 0);
        create index if not exists tasks_ready on tasks (id) where owner is null;
        create index if not exists tasks_leased on tasks (leased_until) where owner is not null;
        create table if not exists consumers (owner text primary key, seen_until integer not null);
        create table if not exists dead_tasks (id integer primary key, body blob not null, reason text not null, at integer not null);
        """;

    private readonly ConcurrentDictionary<string, Consumer> _consumers = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly TimeProvider _time;
    private readonly SqliteFile _durable;
    private readonly SqliteFile _quick;

    public SqliteTaskQueue(string path, TimeProvider time)
    {
        _time = time;
        // A published task must outlive a power failure; a lease need not, for then the task just comes again.
        _durable = new SqliteFile(path, Schema, durable: true);
        _quick = new SqliteFile(path, Schema, durable: false);
    }

    public Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken) => Guarded(() =>
        _durable.WriteAsync((connection, transaction) =>
        {
            using var insert = connection.Command(transaction, "insert into tasks (body) values (@body)", ("@body", Array.Empty<byte>()));
            foreach (var message in messages)
            {
                insert.Parameters[0].Value = message.ToArray();
                insert.ExecuteNonQuery();
            }
            return messages.Count;
        }, cancellationToken));

    public async IAsyncEnumerable<Delivery> ReceiveAsync(int prefetch, [EnumeratorCancellation] CancellationToken stop)
    {
        var consumer = new Consumer(prefetch);
        var fetched = new Queue<SqliteDelivery>();
        _consumers[consumer.Owner] = consumer;
        _ = RenewAsync(consumer);
        try
        {
            while (await WaitAsync(() => consumer.Free.WaitAsync(stop), stop))
            {
                var places = 1;
                while (places < prefetch && consumer.Free.Wait(0, CancellationToken.None))
                {
                    places++;
                }
                fetched = new(await LeaseAsync(consumer, places));
                foreach (var leased in fetched)
                {
                    consumer.Held[leased.Id] = true;        // after the commit: what was not leased is not renewed either
                }
                consumer.Release(places - fetched.Count);
                if (fetched.Count == 0 && !await WaitAsync(() => Task.Delay(Poll, _time, stop), stop))
                {
                    break;
                }
                while (!stop.IsCancellationRequested && fetched.TryDequeue(out var delivery))
                {
                    yield return delivery;
                }
            }
        }
        finally
        {
            // What was handed out is still somebody's work: its leases are renewed until it has come back.
            consumer.Left = true;
            foreach (var left in fetched)
            {
                consumer.Held.TryRemove(left.Id, out _);        // no longer renewed, even if it cannot be returned now
            }
            if (!_closed.IsCancellationRequested)
            {
                while (fetched.TryDequeue(out var left))
                {
                    await left.ReturnAsync(CancellationToken.None);
                }
                await WriteAsync("delete from consumers where owner = @owner", CancellationToken.None, ("@owner", consumer.Owner));
            }
        }
    }

    public Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken) => Guarded(() =>
        _quick.ReadAsync(connection =>
        {
            using var command = connection.Command(null, """
                select (select count(*) from tasks where owner is null),
                       (select count(*) from tasks where owner is not null and leased_until <= @now),
                       (select count(*) from tasks where owner is not null and leased_until > @now),
                       (select count(*) from consumers where seen_until > @now)
                """, ("@now", Now()));
            using var row = command.ExecuteReader();
            row.Read();
            return new QueueDepth(row.GetInt64(0) + row.GetInt64(1), row.GetInt64(2), row.GetInt32(3));
        }, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        foreach (var (owner, _) in _consumers)
        {
            _consumers.TryRemove(owner, out _);
            try
            {
                await WriteAsync("""
                    update tasks set owner = null, leased_until = 0 where owner = @owner;
                    delete from consumers where owner = @owner
                    """, CancellationToken.None, ("@owner", owner));
            }
            catch (QueueUnavailableException)
            {
                // Then the leases run out.
            }
        }
        await _durable.DisposeAsync();
        await _quick.DisposeAsync();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long LeaseEnd() => Now() + (long)Lease.TotalMilliseconds;

    private Task<List<SqliteDelivery>> LeaseAsync(Consumer consumer, int most) => Guarded(async () =>
    {
        // Reading first: an idle worker must not take the file's one write lock at every poll.
        var any = await _quick.ReadAsync(connection => connection.Scalar<long>("""
            select exists (select 1 from tasks where owner is null)
                or exists (select 1 from tasks where owner is not null and leased_until <= @now)
            """, ("@now", Now())) != 0, CancellationToken.None);
        return !any ? [] : await _quick.WriteAsync((connection, transaction) =>
        {
            connection.Execute(transaction, "update tasks set owner = null where owner is not null and leased_until <= @now", ("@now", Now()));
            using var lease = connection.Command(transaction, """
                update tasks set owner = @owner, leased_until = @until, deliveries = deliveries + 1
                where id in (select id from tasks where owner is null order by id limit @most)
                returning id, body, deliveries
                """, ("@owner", consumer.Owner), ("@until", LeaseEnd()), ("@most", most));
            using var rows = lease.ExecuteReader();
            var leased = new List<SqliteDelivery>();
            while (rows.Read())
            {
                var deliveries = rows.GetInt32(2);
                leased.Add(new SqliteDelivery(this, consumer, rows.GetInt64(0), deliveries)
                {
                    Body = (byte[])rows[1],
                    EarlierDeliveries = deliveries - 1,
                });
            }
            leased.Sort((a, b) => a.Id.CompareTo(b.Id));    // "returning" promises no order
            return leased;
        }, CancellationToken.None);
    });

    private async Task RenewAsync(Consumer consumer)
    {
        using var timer = new PeriodicTimer(Lease / 3, _time);
        do
        {
            try
            {
                await _quick.WriteAsync((connection, transaction) =>
                {
                    if (!consumer.Left)
                    {
                        connection.Execute(transaction, "insert or replace into consumers values (@owner, @until)",
                            ("@owner", consumer.Owner), ("@until", LeaseEnd()));
                    }
                    connection.Execute(transaction, "delete from consumers where seen_until <= @now", ("@now", Now()));
                    foreach (var id in consumer.Held.Keys)
                    {
                        connection.Execute(transaction, "update tasks set leased_until = @until where id = @id and owner = @owner",
                            ("@id", id), ("@owner", consumer.Owner), ("@until", LeaseEnd()));
                    }
                    return true;
                }, _closed.Token);
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                // A full disk or a long lock: the next round tries again, and if none succeeds the lease runs out, which loses nothing.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await WaitAsync(() => timer.WaitForNextTickAsync(_closed.Token).AsTask(), _closed.Token)
            && !(consumer.Left && consumer.Held.IsEmpty));
        _consumers.TryRemove(consumer.Owner, out _);
    }

    private Task<int> WriteAsync(string sql, CancellationToken cancellationToken, params (string, object)[] parameters) => Guarded(() =>
        _quick.WriteAsync((connection, transaction) => connection.Execute(transaction, sql, parameters), cancellationToken));

    private static async Task<bool> WaitAsync(Func<Task> wait, CancellationToken stop)
    {
        try
        {
            await wait();
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<T> Guarded<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new QueueUnavailableException($"the queue's SQLite file: {e.Message}", e);
        }
        catch (ObjectDisposedException e)
        {
            throw new QueueUnavailableException("the queue is closed", e);
        }
    }

    /// <summary>One running <see cref="ReceiveAsync"/>: its name in the file, its free places and the tasks that it holds.</summary>
    private sealed class Consumer(int prefetch)
    {
        public string Owner { get; } = Guid.NewGuid().ToString("N");

        public SemaphoreSlim Free { get; } = new(prefetch);

        public ConcurrentDictionary<long, bool> Held { get; } = new();

        public volatile bool Left;

        public void Release(int places)
        {
            if (places > 0)
            {
                Free.Release(places);
            }
        }
    }

    private sealed class SqliteDelivery(SqliteTaskQueue queue, Consumer consumer, long id, int deliveries) : Delivery
    {
        public long Id => id;

        public override Task AcknowledgeAsync(CancellationToken cancellationToken) =>
            EndAsync("delete from tasks where " + Mine, cancellationToken);

        public override Task ReturnAsync(CancellationToken cancellationToken) =>
            EndAsync("update tasks set owner = null, leased_until = 0 where " + Mine, cancellationToken);

        public override Task DeadLetterAsync(string reason, CancellationToken cancellationToken) => EndAsync($"""
            insert into dead_tasks select id, body, @reason, @now from tasks where {Mine};
            delete from tasks where {Mine}
            """, cancellationToken, ("@reason", reason), ("@now", queue.Now()));

        // A lease that ran out while its holder slept is somebody else's by now: then nothing is touched.
        private const string Mine = "id = @id and owner = @owner and deliveries = @deliveries";

        private async Task EndAsync(string sql, CancellationToken cancellationToken, params (string, object)[] more)
        {
            try
            {
                await queue.WriteAsync(sql, cancellationToken,
                    [("@id", id), ("@owner", consumer.Owner), ("@deliveries", deliveries), .. more]);
            }
            finally
            {
                // If it could not be ended, it is no longer renewed and is delivered again when its lease ends. Its place is free once.
                if (consumer.Held.TryRemove(id, out _))
                {
                    consumer.Release(1);
                }
            }
        }
    }
}
