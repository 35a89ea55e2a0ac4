using Faafo.Queueing;
using Xunit;

namespace Faafo.TestKit;

/// <summary>A consumer of a queue: takes deliveries one by one, and fails instead of waiting for ever.</summary>
internal sealed class Consumer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<Delivery> _deliveries;
    private Task<bool>? _next;

    public Consumer(ITaskQueue queue, int prefetch) => _deliveries = queue.ReceiveAsync(prefetch, _stop.Token).GetAsyncEnumerator();

    /// <summary>Starts to consume without taking a delivery yet.</summary>
    public void Listen() => _next ??= _deliveries.MoveNextAsync().AsTask();

    /// <summary>Takes the next delivery.</summary>
    public async Task<Delivery> NextAsync()
    {
        Assert.True(await MoveAsync(), "the sequence ended");
        return _deliveries.Current;
    }

    /// <summary>Takes the next deliveries without ending any.</summary>
    public async Task<List<Delivery>> TakeAsync(int count)
    {
        var taken = new List<Delivery>();
        while (taken.Count < count)
        {
            taken.Add(await NextAsync());
        }
        return taken;
    }

    /// <summary>Stops and takes the deliveries that still arrive: none, by the contract.</summary>
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
            // A test that closed the queue has asserted the failure already.
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
