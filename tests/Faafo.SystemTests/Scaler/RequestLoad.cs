using System.Collections.Concurrent;
using System.Net.Http.Json;
using Faafo.SystemTests.Flock;
using Faafo.TestKit;
using Xunit;

namespace Faafo.SystemTests.Scaler;

/// <summary>Clients that post, read and list without pause and without retries, and record every failure.</summary>
internal sealed class RequestLoad : IAsyncDisposable
{
    private const int Clients = 4;

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _clients;
    private int _tasks;
    private int _responses;

    public RequestLoad(Uri endpoint)
    {
        var http = new HttpClient(
            new SocketsHttpHandler { UseProxy = false })
        { BaseAddress = endpoint, Timeout = TimeSpan.FromSeconds(60) };
        _clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => RequestAsync(http, client))));
    }

    /// <summary>The number of responses, with those that failed.</summary>
    public int Responses => Volatile.Read(ref _responses);

    /// <summary>Waits for more responses, or for a failure.</summary>
    public Task ResponsesAsync(int more)
    {
        var wanted = Responses + more;
        return Eventually.TrueAsync($"{more} more responses", _ => Task.FromResult(Responses >= wanted || !_failures.IsEmpty),
            TimeSpan.FromSeconds(120));
    }

    /// <summary>Stops the clients and asserts that no request failed. Returns the number of posted tasks.</summary>
    public async Task<int> AssertNoFailureAsync()
    {
        await _end.CancelAsync();
        await _clients;
        Assert.Empty(_failures);
        return _tasks;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _clients;
        _end.Dispose();
    }

    private async Task RequestAsync(HttpClient http, int client)
    {
        for (var n = client; !_end.IsCancellationRequested; n += Clients)
        {
            var task = TestTasks.Quick(n);
            await CountAsync("post", () => http.PostAsync("v1/fractal", JsonContent.Create(task, FaafoJson.Default.NewFractal)));
            Interlocked.Increment(ref _tasks);
            await CountAsync("read", () => http.GetAsync($"v1/fractal/{task.Uuid}"));
            await CountAsync("list", () => http.GetAsync("v1/fractal?results_per_page=5"));
        }
    }

    private async Task CountAsync(string what, Func<Task<HttpResponseMessage>> request)
    {
        try
        {
            using var response = await request();
            if (!response.IsSuccessStatusCode)
            {
                _failures.Enqueue($"{what}: {response}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            _failures.Enqueue($"{what}: {e}");
        }
        Interlocked.Increment(ref _responses);
    }
}
