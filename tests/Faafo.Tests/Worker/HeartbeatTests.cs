using Faafo.Queueing;
using Faafo.TestKit;
using Faafo.Worker;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Worker;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task Whatever_fails_a_beat_is_logged_once_and_the_beats_go_on()
    {
        var failures = new Queue<Exception?>([
            new InvalidOperationException("odd"), new TaskCanceledException(), new HttpRequestException("refused"), null,
            new ObjectDisposedException("node"), null]);
        using var api = new FailingApi(failures);
        var (time, log) = (new FakeTimeProvider(), new RecordingLogger<Heartbeat>());
        using var node = new InFlightTasks();
        var options = new WorkerOptions(
            new Uri("http://api/"), "", QueueType.Quorum, "", "w1", 1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        var heartbeat = new Heartbeat(options, FaafoClient.Connect(options.EndpointUrl, api, Timeout.InfiniteTimeSpan), node, time, log);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var beats = heartbeat.RunAsync(stop.Token);
        for (var beat = 1; beat < 6; beat++)
        {
            await Eventually.TrueAsync("the beat before", _ => Task.FromResult(api.Beats == beat || beats.IsCompleted));
            time.Advance(options.Heartbeat);
        }
        await Eventually.TrueAsync("six beats", _ => Task.FromResult(api.Beats == 6 || beats.IsCompleted));
        Assert.False(beats.IsCompleted);
        await stop.CancelAsync();
        await beats;

        Assert.Equal(["Heartbeat failed", "Heartbeats succeed again", "Heartbeat failed", "Heartbeats succeed again"],
            log.All.Select(line => line.Split(':')[0]));
    }

    private sealed class FailingApi(Queue<Exception?> failures) : HttpMessageHandler
    {
        private int _beats;

        public int Beats => Volatile.Read(ref _beats);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _beats);
            return failures.Dequeue() is { } failure ? throw failure
                : Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"drain":false}""") });
        }
    }
}
