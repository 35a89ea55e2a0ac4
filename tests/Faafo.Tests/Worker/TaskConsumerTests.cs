using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Queueing;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Faafo.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Worker;

/// <summary>Messages that cannot be settled, on a queue that does not count deliveries and redelivers immediately.</summary>
public sealed class TaskConsumerTests : IDisposable
{
    private const string Poison = """{"uuid":"\ud800aaaa-2222-4333-8444-555555555555"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-rendering-").FullName;
    private readonly SkippingTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Malformed_message_is_dead_lettered_at_its_first_delivery_and_does_not_delay_the_next()
    {
        var queue = new ClassicQueue(Encoding.UTF8.GetBytes(Poison), Good());

        await RunAsync(queue);

        Assert.Equal([1, 1], queue.Deliveries);
        Assert.StartsWith("0 dead: the message is not a task: ", queue.Ended[0], StringComparison.Ordinal);
        Assert.Equal("1 done", queue.Ended[1]);
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task Message_that_always_fails_is_dead_lettered_after_ten_attempts_with_growing_delays()
    {
        var queue = new ClassicQueue(Good(), Good())
        {
            OnAcknowledge = message => message == 0 ? new InvalidOperationException("a fault") : null,
        };

        await RunAsync(queue);

        Assert.Equal([TaskQueue.DeliveryLimit, 1], queue.Deliveries);
        Assert.Equal(["0 dead: gave up after 10 failed attempts: a fault", "1 done"], queue.Ended);
        Assert.Equal(TaskQueue.DeliveryLimit - 1, _time.Pauses.Count);
        Assert.Equal(_time.Pauses.Order(), _time.Pauses);
        Assert.Equal(TimeSpan.FromMilliseconds(100), _time.Pauses[0]);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Pauses[^1]);
    }

    [Fact]
    public async Task Dead_lettering_that_fails_is_retried_with_growing_delays()
    {
        var refusals = 4;
        var queue = new ClassicQueue(Encoding.UTF8.GetBytes(Poison))
        {
            OnDeadLetter = () => refusals-- > 0 ? new QueueUnavailableException("full") : null,
        };

        await RunAsync(queue);

        Assert.Equal([5], queue.Deliveries);
        Assert.Single(queue.Ended);
        Assert.Equal([100, 200, 400, 800], _time.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    private static byte[] Good() => SampleTasks.Create().ToUtf8();

    // One slot: later messages have to wait.
    private async Task RunAsync(ClassicQueue queue)
    {
        var options = new WorkerOptions(
            new Uri("http://api/"), "", QueueType.Classic, "", "w1", 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        using var drain = new DrainState();
        using var api = new ContentApi();
        var client = FaafoClient.Connect(options.EndpointUrl, api, FaafoClient.DefaultTimeout);
        var handler = WorkerParts.CreateHandler(options, ImageStore.Open("file:" + _folder), client, new InFlightTasks(), _time);
        var running = new TaskConsumer(options, queue, handler, drain, _time, NullLogger<TaskConsumer>.Instance).RunAsync();
        await queue.AllEnded.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        drain.Stop();
        await running;
    }

    /// <summary>Accepts every result; a fractal is unfinished until its result is reported.</summary>
    private sealed class ContentApi : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var result = request.Content is { } report
                ? JsonSerializer.Deserialize(await report.ReadAsByteArrayAsync(cancellationToken), FaafoJson.Default.FractalResult) : null;
            var fractal = new Fractal
            {
                Uuid = Guid.Parse(request.RequestUri!.Segments[^1]),
                Width = 4,
                Height = 3,
                Iterations = 10,
                Xa = -1,
                Xb = 1,
                Ya = -1,
                Yb = 1,
                Status = StatusAfter(result),
                Checksum = result?.Checksum,
            };
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(fractal, FaafoJson.Default.Fractal))
                {
                    Headers = { ContentType = new("application/json") },
                },
            };
        }

        private static FractalStatus StatusAfter(FractalResult? result)
        {
            if (result is null)
            {
                return FractalStatus.Rendering;
            }
            return result.Error is null ? FractalStatus.Done : FractalStatus.Failed;
        }
    }

    /// <summary>A classic queue with one consumer: a returned message keeps its position, and deliveries are not counted.</summary>
    private sealed class ClassicQueue : ITaskQueue
    {
        private readonly Lock _lock = new();
        private readonly SortedSet<int> _ready;
        private readonly byte[][] _messages;
        private readonly SemaphoreSlim _available;
        private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private SemaphoreSlim _places = new(0);

        public ClassicQueue(params byte[][] messages)
        {
            _messages = messages;
            _ready = [.. Enumerable.Range(0, messages.Length)];
            _available = new SemaphoreSlim(messages.Length);
            Deliveries = new int[messages.Length];
        }

        public Func<int, Exception?> OnAcknowledge { get; init; } = _ => null;

        public Func<Exception?> OnDeadLetter { get; init; } = () => null;

        public int[] Deliveries { get; }

        public List<string> Ended { get; } = [];

        public Task AllEnded => _allEnded.Task;

        public async IAsyncEnumerable<Delivery> ReceiveAsync(int prefetch, [EnumeratorCancellation] CancellationToken stop)
        {
            _places = new SemaphoreSlim(prefetch);
            while (await WaitAsync(_places, stop) && await WaitAsync(_available, stop))
            {
                int next;
                lock (_lock)
                {
                    next = _ready.Min;
                    _ready.Remove(next);
                    Deliveries[next]++;
                }
                yield return new Held(this, next) { Body = _messages[next], EarlierDeliveries = Math.Min(1, Deliveries[next] - 1) };
            }
        }

        public Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<QueueDepth> GetDepthAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static async Task<bool> WaitAsync(SemaphoreSlim semaphore, CancellationToken stop)
        {
            try
            {
                await semaphore.WaitAsync(stop);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        private void End(int message, string? how)
        {
            lock (_lock)
            {
                if (how is null)
                {
                    _ready.Add(message);
                    _available.Release();
                }
                else
                {
                    Ended.Add($"{message} {how}");
                }
                if (Ended.Count == _messages.Length)
                {
                    _allEnded.SetResult();
                }
            }
            _places.Release();
        }

        private sealed class Held(ClassicQueue queue, int message) : Delivery
        {
            private bool _ended;

            public override Task AcknowledgeAsync(CancellationToken cancellationToken) => EndAsync(queue.OnAcknowledge(message), "done");

            public override Task ReturnAsync(CancellationToken cancellationToken) => EndAsync(null, null);

            public override Task DeadLetterAsync(string reason, CancellationToken cancellationToken) =>
                EndAsync(queue.OnDeadLetter(), $"dead: {reason}");

            private Task EndAsync(Exception? failure, string? how)
            {
                Assert.False(_ended, "a broker closes the channel when a message is ended twice");
                if (failure is not null)
                {
                    return Task.FromException(failure);
                }
                _ended = true;
                queue.End(message, how);
                return Task.CompletedTask;
            }
        }
    }
}
