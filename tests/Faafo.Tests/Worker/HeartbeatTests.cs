using Faafo.Queueing;
using Faafo.TestKit;
using Faafo.Worker;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Worker;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task Heartbeat_that_fails_is_logged_once_and_heartbeats_continue()
    {
        var failures = new Queue<Exception?>([
            new InvalidOperationException("odd"), new TaskCanceledException(), new HttpRequestException("refused"), null,
            new ObjectDisposedException("node"), null]);
        using var api = new FailingApi(failures);
        var time = new FakeTimeProvider();
        var log = new RecordingLogger<Heartbeat>();
        using var drain = new DrainState();
        var options = new WorkerOptions(
            new Uri("http://api/"), "", QueueType.Quorum, "", "w1", 1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        var client = FaafoClient.Connect(options.EndpointUrl, api, Timeout.InfiniteTimeSpan);
        var heartbeat = new Heartbeat(options, client, new InFlightTasks(), drain, time, log);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var running = heartbeat.RunAsync(stop.Token);
        for (var sent = 1; sent < 6; sent++)
        {
            await Eventually.TrueAsync("the previous heartbeat", _ => Task.FromResult(api.Requests == sent || running.IsCompleted));
            time.Advance(options.Heartbeat);
        }
        await Eventually.TrueAsync("six heartbeats", _ => Task.FromResult(api.Requests == 6 || running.IsCompleted));
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await running;

        Assert.Equal(["Heartbeat failed", "Heartbeat restored", "Heartbeat failed", "Heartbeat restored"],
            log.All.Select(line => line.Split(':')[0]));
    }

    private sealed class FailingApi(Queue<Exception?> failures) : HttpMessageHandler
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return failures.Dequeue() is { } failure
                ? throw failure
                : Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"drain":false}""") });
        }
    }
}
