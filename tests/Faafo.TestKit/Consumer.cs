using Faafo.Queueing;
using Xunit;

namespace Faafo.TestKit;

/// <summary>One worker's view of a queue: takes deliveries one by one and fails instead of waiting for ever.</summary>
internal sealed class Consumer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<Delivery> _deliveries;
    private Task<bool>? _next;

    public Consumer(ITaskQueue queue, int prefetch) => _deliveries = queue.ReceiveAsync(prefetch, _stop.Token).GetAsyncEnumerator();

    /// <summary>Begins to listen without taking anything yet.</summary>
    public void Listen() => _next ??= _deliveries.MoveNextAsync().AsTask();

    /// <summary>The next delivery.</summary>
    public async Task<Delivery> NextAsync()
    {
        Assert.True(await MoveAsync(), "the sequence ended");
        return _deliveries.Current;
    }

    /// <summary>The next deliveries, none of them ended.</summary>
    public async Task<List<Delivery>> TakeAsync(int count)
    {
        var taken = new List<Delivery>();
        while (taken.Count < count)
        {
            taken.Add(await NextAsync());
        }
        return taken;
    }

    /// <summary>Says stop and takes what still comes: nothing, by the contract.</summary>
    public async Task<List<Delivery>> StopAsync()
    {
        await _stop.CancelAsync();
        var rest = new List<Delivery>();
        while (await MoveAsync())
        {
            rest.Add(_deliveries.Current);
        }
        return rest;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_next is not null)
        {
            await _next.ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        try
        {
            await _deliveries.DisposeAsync();
        }
        catch (QueueUnavailableException)
        {
            // A test that took the queue away has asserted that already.
        }
        _stop.Dispose();
    }

    private async Task<bool> MoveAsync()
    {
        Listen();
        var more = await _next!.WaitAsync(Patience, TestContext.Current.CancellationToken);
        _next = null;
        return more;
    }
}
