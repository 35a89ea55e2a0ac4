using System.Text;
using Faafo.Queueing;
using Faafo.Storage;
using Faafo.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Queueing;

public sealed class SqliteTaskQueueTests : TaskQueueContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-queue-").FullName;
    private readonly ShiftedTime _time = new();

    private string File => Path.Combine(_folder, "state", "queue.db");

    protected override ITaskQueue OpenQueue() => TaskQueue.Open("sqlite:" + File, QueueType.Quorum, "a test", _time);

    // SQLite does not notice that a process has exited; its leases expire.
    protected override void NoticeTheLoss() => _time.Shift += SqliteTaskQueue.Lease + TimeSpan.FromMilliseconds(1);

    protected override Task<IReadOnlyList<(string Body, string Reason)>> ReadDeadLettersAsync()
    {
        using var connection = SqliteFile.Open(File, durable: false);
        using var command = connection.Command(null, "select body, reason from dead_tasks order by id");
        using var rows = command.ExecuteReader();
        var dead = new List<(string, string)>();
        while (rows.Read())
        {
            dead.Add((Encoding.UTF8.GetString((byte[])rows[0]), rows.GetString(1)));
        }
        return Task.FromResult<IReadOnlyList<(string, string)>>(dead);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Lease_is_renewed_while_its_holder_is_alive()
    {
        var time = new FakeTimeProvider();
        await using var queue = new SqliteTaskQueue(File, time);
        await PublishAsync(queue, "task 1");
        await using var consumer = new Consumer(queue, prefetch: 1);
        var held = await consumer.NextAsync();

        for (var step = 0; step < 20; step++)
        {
            var before = LeaseEnd();
            time.Advance(SqliteTaskQueue.Lease / 3);
            await Eventually.GetAsync("a renewed lease", _ => Task.FromResult(LeaseEnd()), end => end > before);
            Assert.Equal(0, (await queue.GetDepthAsync(Token)).Ready);
        }
        await held.AcknowledgeAsync(Token);

        Assert.Equal(new QueueDepth(0, 0, 1), await queue.GetDepthAsync(Token));
    }

    [Fact]
    public async Task Former_holder_of_an_expired_lease_changes_nothing()
    {
        var queue = Open();
        await PublishAsync(queue, "task 1");
        await using var sleeper = new Consumer(queue, prefetch: 1);
        var old = await sleeper.NextAsync();
        NoticeTheLoss();
        await using var other = new Consumer(Open(), prefetch: 1);
        var taken = await other.NextAsync();

        await old.AcknowledgeAsync(Token);

        Assert.Equal(1, taken.EarlierDeliveries);
        Assert.Equal(1, (await queue.GetDepthAsync(Token)).InFlight);
        await taken.AcknowledgeAsync(Token);
        Assert.Equal(0, (await queue.GetDepthAsync(Token)).InFlight);
    }

    [Fact]
    public async Task Fetched_task_that_cannot_be_returned_at_the_stop_is_no_longer_renewed()
    {
        var time = new FakeTimeProvider();
        await using var queue = new SqliteTaskQueue(File, time);
        await PublishAsync(queue, "task 1", "task 2", "task 3");
        await using var consumer = new Consumer(queue, prefetch: 3);
        var held = await consumer.NextAsync();
        Rename("tasks", "elsewhere");
        await Assert.ThrowsAsync<QueueUnavailableException>(consumer.StopAsync);
        Rename("elsewhere", "tasks");

        var before = LeaseEnd();
        for (var step = 0; step < 4; step++)
        {
            var last = LeaseEnd();
            time.Advance(SqliteTaskQueue.Lease / 3);
            await Eventually.GetAsync("a renewed lease of task 1", _ => Task.FromResult(LeaseEnd()), end => end > last);
        }

        Assert.Equal(new QueueDepth(2, 1, 0), await queue.GetDepthAsync(Token));
        await held.AcknowledgeAsync(Token);
        Assert.Equal(new QueueDepth(2, 0, 0), await queue.GetDepthAsync(Token));
    }

    [Fact]
    public async Task Task_of_a_lost_holder_counts_as_ready()
    {
        var queue = Open();
        await PublishAsync(queue, "task 1");
        var lost = Open();
        await using var consumer = new Consumer(lost, prefetch: 1);
        await consumer.NextAsync();
        await lost.DisposeAsync();

        NoticeTheLoss();

        Assert.Equal(new QueueDepth(1, 0, 0), await queue.GetDepthAsync(Token));
    }

    [Fact]
    public async Task Folder_that_cannot_be_created_makes_the_queue_unavailable()
    {
        var file = Path.Combine(_folder, "a file");
        await System.IO.File.WriteAllTextAsync(file, "", Token);
        await using var queue = TaskQueue.Open($"sqlite:{file}/queue.db", QueueType.Quorum, "a test", TimeProvider.System);

        var unavailable = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.GetDepthAsync(Token));

        Assert.Contains(file, unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_is_not_a_database_makes_the_queue_unavailable()
    {
        var file = Path.Combine(_folder, "text.db");
        await System.IO.File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("This is a letter, not a database. ", 100)), Token);
        await using var queue = TaskQueue.Open("sqlite:" + file, QueueType.Quorum, "a test", TimeProvider.System);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(queue, "task 1"));
        await using var consumer = new Consumer(queue, 1);
        await Assert.ThrowsAsync<QueueUnavailableException>(consumer.NextAsync);
    }

    private void Rename(string table, string name)
    {
        using var connection = SqliteFile.Open(File, durable: false);
        connection.Execute(null, $"alter table {table} rename to {name}");
    }

    private long LeaseEnd()
    {
        using var connection = SqliteFile.Open(File, durable: false);
        return connection.Scalar<long>("select max(leased_until) from tasks");
    }

    /// <summary>The real clock and its timers, shifted into the future.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long _shift;

        public TimeSpan Shift
        {
            get => TimeSpan.FromTicks(Interlocked.Read(ref _shift));
            set => Interlocked.Exchange(ref _shift, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
