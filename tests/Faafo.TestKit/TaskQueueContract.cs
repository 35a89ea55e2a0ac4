using System.Collections.Concurrent;
using System.Text;
using Faafo.Queueing;
using Xunit;

namespace Faafo.TestKit;

/// <summary>Tests that hold for every task queue. The tests of each kind of queue derive from them and add their own.</summary>
public abstract class TaskQueueContract : IAsyncLifetime
{
    private readonly List<ITaskQueue> _opened = [];

    /// <summary>Whether the queue counts earlier deliveries; false if it only knows that there was one.</summary>
    protected virtual bool CountsDeliveries => true;

    /// <summary>Opens the queue of the test again, as another process would.</summary>
    protected abstract ITaskQueue OpenQueue();

    /// <summary>Reads the dead-letter queue.</summary>
    protected abstract Task<IReadOnlyList<(string Body, string Reason)>> ReadDeadLettersAsync();

    /// <summary>Makes the queue redeliver the tasks of a lost consumer.</summary>
    protected virtual void NoticeTheLoss()
    {
    }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var queue in _opened)
        {
            await queue.DisposeAsync();
        }
        GC.SuppressFinalize(this);
    }

    protected ITaskQueue Open()
    {
        var queue = OpenQueue();
        _opened.Add(queue);
        return queue;
    }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected static Task PublishAsync(ITaskQueue queue, params IEnumerable<string> bodies) =>
        queue.PublishAsync([.. bodies.Select(body => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(body))], Token);

    protected static string Text(Delivery delivery) => Encoding.UTF8.GetString(delivery.Body.Span);

    protected static IEnumerable<string> Text(IEnumerable<Delivery> deliveries) => deliveries.Select(Text);

    // Returning a task has no confirmation: a consumer that asks for tasks at that moment may get a later one.
    private static Task<QueueDepth> ReadyAsync(ITaskQueue queue, long count) =>
        Eventually.GetAsync($"{count} ready", queue.GetDepthAsync, depth => depth.Ready == count);

    private static IEnumerable<string> Names(int from, int to) => Enumerable.Range(from, to - from + 1).Select(n => $"task {n}");

    private void AssertEarlierDeliveries(int expected, Delivery delivery) =>
        Assert.Equal(CountsDeliveries ? expected : Math.Min(expected, 1), delivery.EarlierDeliveries);

    [Fact]
    public async Task Tasks_are_delivered_in_the_order_of_their_publication()
    {
        var queue = Open();
        await PublishAsync(queue, "task 1");
        await PublishAsync(queue, Names(2, 40));
        await PublishAsync(queue, Names(41, 50));
        await using var consumer = new Consumer(queue, prefetch: 3);

        var seen = new List<string>();
        while (seen.Count < 50)
        {
            var delivery = await consumer.NextAsync();
            AssertEarlierDeliveries(0, delivery);
            seen.Add(Text(delivery));
            await delivery.AcknowledgeAsync(Token);
        }
        Assert.Equal(Names(1, 50), seen);
    }

    [Fact]
    public async Task Task_is_delivered_to_a_waiting_consumer()
    {
        var queue = Open();
        await using var consumer = new Consumer(queue, prefetch: 1);
        consumer.Listen();
        await Eventually.GetAsync("a consumer", queue.GetDepthAsync, depth => depth.Consumers == 1);

        await PublishAsync(Open(), "task 1");

        Assert.Equal("task 1", Text(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Prefetch_leaves_the_rest_to_a_late_consumer()
    {
        var queue = Open();
        await PublishAsync(queue, Names(1, 12));
        await using var early = new Consumer(Open(), prefetch: 2);
        var first = await early.TakeAsync(2);
        early.Listen();     // it would take more if it were delivered more

        await using var late = new Consumer(Open(), prefetch: 10);
        var second = await late.TakeAsync(10);

        Assert.Equal(Names(1, 2), Text(first));
        Assert.Equal(Names(3, 12), Text(second));
    }

    [Fact]
    public async Task Ending_a_task_makes_room_for_the_next()
    {
        var queue = Open();
        await PublishAsync(queue, Names(1, 4));
        await using var consumer = new Consumer(queue, prefetch: 1);

        await (await consumer.NextAsync()).AcknowledgeAsync(Token);
        await (await consumer.NextAsync()).DeadLetterAsync("no good", Token);
        var third = await consumer.NextAsync();
        await third.AcknowledgeAsync(Token);

        Assert.Equal("task 3", Text(third));
        Assert.Equal("task 4", Text(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Task_of_a_lost_consumer_is_redelivered_at_its_old_position()
    {
        var queue = Open();
        await PublishAsync(queue, Names(1, 5));
        var lost = Open();
        await using var consumer = new Consumer(lost, prefetch: 3);
        await consumer.TakeAsync(3);

        await lost.DisposeAsync();
        NoticeTheLoss();

        await using var other = new Consumer(queue, prefetch: 5);
        var again = await other.TakeAsync(5);
        Assert.Equal(Names(1, 5), Text(again));
        Assert.Equal([1, 1, 1, 0, 0], again.Select(delivery => delivery.EarlierDeliveries));
    }

    [Fact]
    public async Task Task_that_loses_every_consumer_counts_its_deliveries()
    {
        await PublishAsync(Open(), "task 1");
        for (var earlier = 0; earlier < 4; earlier++)
        {
            var queue = Open();
            await using var consumer = new Consumer(queue, prefetch: 1);
            AssertEarlierDeliveries(earlier, await consumer.NextAsync());
            await queue.DisposeAsync();
            NoticeTheLoss();
        }
    }

    [Fact]
    public async Task Returned_task_keeps_its_position()
    {
        var queue = Open();
        await PublishAsync(queue, Names(1, 5));
        await using var consumer = new Consumer(queue, prefetch: 3);
        var held = await consumer.TakeAsync(3);

        await held[1].ReturnAsync(Token);
        var again = await consumer.NextAsync();

        Assert.Equal("task 2", Text(again));
        AssertEarlierDeliveries(1, again);
        await held[0].AcknowledgeAsync(Token);
        Assert.Equal("task 4", Text(await consumer.NextAsync()));
    }

    [Fact]
    public async Task Dead_letter_is_kept_with_its_reason_and_not_redelivered()
    {
        var queue = Open();
        await PublishAsync(queue, "nonsense", "task 2");
        await using (var consumer = new Consumer(queue, prefetch: 2))
        {
            var held = await consumer.TakeAsync(2);
            await held[0].DeadLetterAsync("width is missing: it must be whole – 1 to 16384", Token);
            await held[1].ReturnAsync(Token);
            Assert.Empty(await consumer.StopAsync());
        }
        await using var other = new Consumer(Open(), prefetch: 2);
        Assert.Equal("task 2", Text(await other.NextAsync()));
        Assert.Equal([("nonsense", "width is missing: it must be whole – 1 to 16384")], await ReadDeadLettersAsync());
    }

    [Fact]
    public async Task Every_message_of_a_large_publish_is_on_the_queue_when_it_returns()
    {
        var queue = Open();

        await PublishAsync(queue, Names(1, 3000));

        await Eventually.GetAsync("3000 ready", Open().GetDepthAsync, depth => depth.Ready == 3000);
        await using var consumer = new Consumer(Open(), prefetch: 3000);
        Assert.Equal(Names(1, 3000), Text(await consumer.TakeAsync(3000)));
    }

    [Fact]
    public async Task Concurrent_publishers_lose_nothing()
    {
        // A quorum queue that another connection is declaring rejects messages until it has a leader.
        var queue = Open();
        await queue.GetDepthAsync(Token);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => PublishAsync(n % 2 == 0 ? queue : Open(), Names(n * 10 + 1, n * 10 + 10))));

        await using var consumer = new Consumer(Open(), prefetch: 200);
        Assert.Equal(Names(1, 200).Order(), Text(await consumer.TakeAsync(200)).Order());
    }

    [Fact]
    public async Task Several_consumers_share_the_tasks_and_each_task_is_delivered_once()
    {
        await PublishAsync(Open(), Names(1, 300));
        var seen = new ConcurrentBag<string>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await foreach (var delivery in Open().ReceiveAsync(5, done.Token))
            {
                seen.Add(Text(delivery));
                await delivery.AcknowledgeAsync(Token);
                if (seen.Count >= 300)
                {
                    await done.CancelAsync();
                }
            }
        }));
        Assert.Equal(Names(1, 300).Order(), seen.Order());
        await Eventually.GetAsync("an empty queue", Open().GetDepthAsync, depth => depth is { Ready: 0, InFlight: null or 0 });
    }

    [Fact]
    public async Task Depth_counts_waiting_and_unacknowledged_tasks_and_consumers()
    {
        var queue = Open();
        Assert.Equal(0, (await queue.GetDepthAsync(Token)).Ready);
        await PublishAsync(queue, Names(1, 5));
        await using var one = new Consumer(Open(), prefetch: 2);
        var held = await one.TakeAsync(2);
        await using var two = new Consumer(Open(), prefetch: 1);
        await two.TakeAsync(1);

        await Eventually.GetAsync("2 ready, 3 held, 2 consumers", queue.GetDepthAsync,
            depth => depth is { Ready: 2, InFlight: null or 3, Consumers: 2 });
        await held[0].AcknowledgeAsync(Token);
        one.Listen();
        await Eventually.GetAsync("1 ready", queue.GetDepthAsync, depth => depth is { Ready: 1, InFlight: null or 3 });
    }

    [Fact]
    public async Task Stop_ends_the_sequence_and_requeues_undelivered_tasks()
    {
        var queue = Open();
        await PublishAsync(queue, Names(1, 6));
        await using var consumer = new Consumer(Open(), prefetch: 4);
        var held = await consumer.NextAsync();

        Assert.Empty(await consumer.StopAsync());
        await ReadyAsync(queue, 5);

        await using var other = new Consumer(queue, prefetch: 10);
        Assert.Equal(Names(2, 6), Text(await other.TakeAsync(5)));
        await held.AcknowledgeAsync(Token);
        await Eventually.GetAsync("nothing ready, one consumer", queue.GetDepthAsync,
            depth => depth is { Ready: 0, InFlight: null or 5, Consumers: 1 });
    }

    [Fact]
    public async Task Task_held_at_the_stop_can_still_be_returned()
    {
        var queue = Open();
        await PublishAsync(queue, Names(1, 2));
        await using var consumer = new Consumer(Open(), prefetch: 1);
        var held = await consumer.NextAsync();
        Assert.Empty(await consumer.StopAsync());

        await held.ReturnAsync(Token);
        await ReadyAsync(queue, 2);

        await using var other = new Consumer(queue, prefetch: 2);
        Assert.Equal(Names(1, 2), Text(await other.TakeAsync(2)));
    }

    [Fact]
    public async Task Stop_ends_the_sequence_of_a_waiting_consumer()
    {
        var queue = Open();
        await using var consumer = new Consumer(queue, prefetch: 1);
        consumer.Listen();
        await Eventually.GetAsync("a consumer", queue.GetDepthAsync, depth => depth.Consumers == 1);

        Assert.Empty(await consumer.StopAsync());

        await Eventually.GetAsync("no consumer", queue.GetDepthAsync, depth => depth.Consumers == 0);
    }

    [Fact]
    public async Task Consumer_that_is_abandoned_early_requeues_undelivered_tasks()
    {
        var queue = Open();
        await PublishAsync(queue, Names(1, 4));
        Delivery? held = null;
        await foreach (var delivery in Open().ReceiveAsync(3, CancellationToken.None))
        {
            held = delivery;
            break;
        }
        await using var other = new Consumer(queue, prefetch: 4);
        Assert.Equal(Names(2, 4), Text(await other.TakeAsync(3)));
        await held!.AcknowledgeAsync(Token);
        await Eventually.GetAsync("nothing ready, one consumer", queue.GetDepthAsync,
            depth => depth is { Ready: 0, InFlight: null or 3, Consumers: 1 });
    }

    [Fact]
    public async Task Tasks_wait_on_the_queue_without_consumers()
    {
        var first = Open();
        await PublishAsync(first, "task 1");
        await first.DisposeAsync();

        await using var consumer = new Consumer(Open(), prefetch: 1);

        Assert.Equal("task 1", Text(await consumer.NextAsync()));
    }
}
