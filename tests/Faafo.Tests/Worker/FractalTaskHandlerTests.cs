using System.Net;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Queueing;
using Faafo.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Worker;

/// <summary>The order of things around one message, with an API and an image store that fail when told to.</summary>
public sealed class FractalTaskHandlerTests : IDisposable
{
    private static readonly FractalTask Task100 = new()
    {
        Uuid = Guid.Parse("11111111-2222-4333-8444-555555555555"),
        Width = 40,
        Height = 30,
        Iterations = 100,
        Xa = -1.5,
        Xb = 1.5,
        Ya = -1,
        Yb = 1,
        Cx = -0.7,
        Cy = 0.27,
    };

    private readonly List<string> _events = [];
    private readonly FaultyImages _images;
    private readonly ScriptedApi _api;
    private readonly WorkerNode _node = new();

    public FractalTaskHandlerTests()
    {
        _images = new FaultyImages(_events);
        _api = new ScriptedApi(_events);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _api.Dispose();
        _node.Dispose();
    }

    [Fact]
    public async Task A_task_is_stored_then_reported_then_acknowledged()
    {
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "ack"], _events);
        Assert.Equal(0, _node.Busy);
    }

    [Fact]
    public async Task An_api_that_is_away_is_asked_again_and_the_picture_is_not_drawn_again()
    {
        _api.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        _api.Answers.Enqueue(HttpStatusCode.InternalServerError);
        _api.Answers.Enqueue(null);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "PUT checksum", "PUT checksum", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task An_image_store_that_is_away_is_tried_again()
    {
        _images.Failures = 2;
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store fails", "store fails", "store", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task A_fractal_deleted_meanwhile_takes_its_image_with_it()
    {
        _api.Answers.Enqueue(HttpStatusCode.NotFound);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "drop", "ack"], _events);
    }

    [Fact]
    public async Task A_result_that_the_api_refuses_ends_as_failed()
    {
        _api.Answers.Enqueue(HttpStatusCode.BadRequest);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "PUT error", "ack"], _events);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{\"width\": 5}")]
    [InlineData("\"text\"")]
    public async Task A_message_that_is_no_task_is_dead_lettered_with_its_reason(string body)
    {
        var delivery = new TestDelivery(_events, System.Text.Encoding.UTF8.GetBytes(body));
        await HandleAsync(delivery);

        Assert.Equal(["dead letter"], _events);
        Assert.Contains("message is", delivery.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("width", 0)]
    [InlineData("height", -1)]
    [InlineData("iterations", 0)]
    [InlineData("width", int.MaxValue)]
    public async Task A_message_out_of_its_limits_fails_its_row_and_is_dead_lettered(string field, int value)
    {
        var message = JsonSerializer.Deserialize<Dictionary<string, object?>>(Task100.ToUtf8())!;
        message[field] = value;
        var delivery = new TestDelivery(_events, JsonSerializer.SerializeToUtf8Bytes(message));
        await HandleAsync(delivery);

        Assert.Equal(["PUT error", "dead letter"], _events);
        Assert.Contains(field, delivery.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_comes_again_though_its_row_is_done_is_only_acknowledged()
    {
        _api.Status = "done";
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = 1 });

        Assert.Equal(["GET", "ack"], _events);
    }

    [Fact]
    public async Task A_message_that_comes_again_unfinished_is_drawn()
    {
        _api.Status = "rendering";
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = 1 });

        Assert.Equal(["GET", "store", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task A_message_that_took_ten_workers_with_it_is_given_up()
    {
        var delivery = new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = TaskQueue.DeliveryLimit };
        await HandleAsync(delivery);

        Assert.Equal(["PUT error", "dead letter"], _events);
        Assert.Contains("10 workers", delivery.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_must_go_while_the_api_is_away_hands_the_message_back()
    {
        using var abort = new CancellationTokenSource();
        for (var i = 0; i < 1000; i++)
        {
            _api.Answers.Enqueue(null);
        }
        _api.Asked = abort.Cancel;
        await HandleUntilAsync(new TestDelivery(_events, Task100.ToUtf8()), abort.Token);

        Assert.Equal(["store", "PUT checksum", "return"], _events);
    }

    [Fact]
    public async Task The_same_fractal_delivered_twice_at_once_is_drawn_by_one_after_the_other()
    {
        _images.Gate = new TaskCompletionSource();
        var first = HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));
        var second = HandleAsync(new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = 1 });
        _api.Status = "done";
        Assert.Equal(1, _node.Busy);
        _images.Gate.SetResult();
        await System.Threading.Tasks.Task.WhenAll(first, second);

        Assert.Equal(["store", "PUT checksum", "ack", "GET", "ack"], _events);
    }

    private Task HandleAsync(Delivery delivery) => HandleUntilAsync(delivery, Cancelled);

    private Task HandleUntilAsync(Delivery delivery, CancellationToken abort)
    {
        var options = new WorkerOptions(new Uri("http://api/"), "", QueueType.Quorum, "", "w1", 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var handler = new FractalTaskHandler(options, _images, new FaafoClient(new HttpClient(_api, disposeHandler: false) { BaseAddress = options.EndpointUrl }),
            _node, TimeProvider.System, NullLogger<FractalTaskHandler>.Instance);
        return handler.HandleAsync(delivery, abort);
    }

    private sealed class TestDelivery : Delivery
    {
        private readonly List<string> _events;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public TestDelivery(List<string> events, byte[] body) => (_events, Body, EarlierDeliveries) = (events, body, 0);

        public string? Reason { get; private set; }

        public override Task AcknowledgeAsync(CancellationToken cancellationToken) => Note("ack");

        public override Task ReturnAsync(CancellationToken cancellationToken) => Note("return");

        public override Task DeadLetterAsync(string reason, CancellationToken cancellationToken)
        {
            Reason = reason;
            return Note("dead letter");
        }

        private Task Note(string what)
        {
            _events.Add(what);
            return System.Threading.Tasks.Task.CompletedTask;
        }
    }

    // Null stands for a connection that breaks.
    private sealed class ScriptedApi(List<string> events) : HttpMessageHandler
    {
        public Queue<HttpStatusCode?> Answers { get; } = new();

        public string Status { get; set; } = "queued";

        public Action? Asked { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                events.Add("GET");
                var fractal = new Fractal
                {
                    Uuid = Task100.Uuid,
                    Width = 1,
                    Height = 1,
                    Iterations = 1,
                    Xa = 0,
                    Xb = 0,
                    Ya = 0,
                    Yb = 0,
                    Status = Enum.Parse<FractalStatus>(Status, ignoreCase: true),
                };
                return new HttpResponseMessage { Content = new StringContent(JsonSerializer.Serialize(fractal, FaafoJson.Default.Fractal)) };
            }
            var result = JsonSerializer.Deserialize(await request.Content!.ReadAsStringAsync(cancellationToken), FaafoJson.Default.FractalResult)!;
            events.Add(result.Error is null ? "PUT checksum" : "PUT error");
            Asked?.Invoke();
            return Answers.TryDequeue(out var answer)
                ? new HttpResponseMessage(answer ?? throw new HttpRequestException("the connection broke"))
                : new HttpResponseMessage(HttpStatusCode.OK);
        }
    }

    private sealed class FaultyImages(List<string> events) : IImageStore
    {
        public int Failures { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public async Task<StoredImage> WriteAsync(Guid uuid, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
        {
            if (Failures-- > 0)
            {
                events.Add("store fails");
                throw new ImageStoreException("the disk is full");
            }
            await (Gate?.Task ?? System.Threading.Tasks.Task.CompletedTask);
            using var image = new MemoryStream();
            await write(image, cancellationToken);
            events.Add("store");
            return new StoredImage(image.Length, new string('a', 64));
        }

        public Task DeleteAsync(Guid uuid, CancellationToken cancellationToken)
        {
            events.Add("drop");
            return System.Threading.Tasks.Task.CompletedTask;
        }

        public Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Uri?> GetUrlAsync(Guid uuid, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
