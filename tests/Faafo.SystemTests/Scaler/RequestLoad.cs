using System.Collections.Concurrent;
using System.Net.Http.Json;
using Faafo.SystemTests.Flock;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler;

/// <summary>Clients that order, read and list without a pause and without a second try of their own, and note whatever is not as it should be.</summary>
internal sealed class RequestLoad : IAsyncDisposable
{
    private const int Clients = 4;

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _clients;
    private int _orders;
    private int _answers;

    public RequestLoad(Uri endpoint)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = endpoint, Timeout = TimeSpan.FromSeconds(60) };
        _clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskAsync(http, client))));
    }

    /// <summary>Requests that were answered.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Waits for so many more answers.</summary>
    public Task AnswersAsync(int more)
    {
        var wanted = Answers + more;
        return Eventually.TrueAsync($"{more} more answers", _ => Task.FromResult(Answers >= wanted || !_failures.IsEmpty), TimeSpan.FromSeconds(120));
    }

    /// <summary>Ends it; asserts that every request had its answer. Returns how many fractals were ordered.</summary>
    public async Task<int> AssertAllAnsweredAsync()
    {
        await _end.CancelAsync();
        await _clients;
        Assert.Empty(_failures);
        return _orders;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _clients;
        _end.Dispose();
    }

    private async Task AskAsync(HttpClient http, int client)
    {
        for (var n = client; !_end.IsCancellationRequested; n += Clients)
        {
            var order = Orders.Quick(n);
            await CountAsync("order", () => http.PostAsync("v1/fractal", JsonContent.Create(order, FaafoJson.Default.NewFractal)));
            Interlocked.Increment(ref _orders);
            await CountAsync("read", () => http.GetAsync($"v1/fractal/{order.Uuid}"));
            await CountAsync("list", () => http.GetAsync("v1/fractal?results_per_page=5"));
        }
    }

    private async Task CountAsync(string what, Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var response = await ask();
            if (!response.IsSuccessStatusCode)
            {
                _failures.Enqueue($"{what}: {response}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            _failures.Enqueue($"{what}: {e}");
        }
        Interlocked.Increment(ref _answers);
    }
}
