using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Queueing;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Faafo.Worker;
using Xunit;

namespace Faafo.Tests.Worker;

/// <summary>The steps of handling one message, with an API and an image store that fail on demand.</summary>
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
    private readonly InFlightTasks _inFlight = new();
    private readonly SkippingTime _time = new();
    private readonly RecordingLogger<ResultReporter> _log = new();
    private FractalTaskHandler? _handler;

    public FractalTaskHandlerTests()
    {
        _images = new FaultyImages(_events);
        _api = new ScriptedApi(_events);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _api.Dispose();
    }

    [Fact]
    public async Task Task_is_stored_then_reported_then_acknowledged()
    {
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "ack"], _events);
        Assert.Equal(0, _inFlight.Count);
    }

    [Fact]
    public async Task Unreachable_API_is_retried_without_rendering_again()
    {
        _api.Answer(HttpStatusCode.ServiceUnavailable);
        _api.Answer(HttpStatusCode.InternalServerError);
        _api.Break();
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "PUT checksum", "PUT checksum", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task Unavailable_image_store_is_retried()
    {
        _images.Failures = 2;
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store fails", "store fails", "store", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task Fractal_deleted_meanwhile_is_acknowledged_and_keeps_its_image()
    {
        _api.Reject(404, Problem.NoSuchFractal);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "ack"], _events);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(413)]
    [InlineData(302)]
    [InlineData(204)]
    [InlineData(200, "<html>sign in</html>")]
    [InlineData(200, "{}")]
    public async Task Response_of_a_proxy_is_retried(int status, string body = "default backend - 404")
    {
        for (var i = 0; i < 100; i++)
        {
            _api.Answer((HttpStatusCode)status, body);
        }
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", .. Enumerable.Repeat("PUT checksum", 101), "ack"], _events);
    }

    [Fact]
    public async Task Not_found_about_another_resource_is_retried()
    {
        _api.Reject(404, Problem.NoSuchFractal, Guid.NewGuid());
        _api.Reject(404, Problem.NoSuchNode);
        _api.Reject(404, Problem.TypeOf(404), null);
        _api.Reject(404, Problem.InvalidUuid, null);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", .. Enumerable.Repeat("PUT checksum", 5), "ack"], _events);
    }

    [Fact]
    public async Task Success_without_the_result_is_retried()
    {
        _api.Answer(HttpStatusCode.OK, JsonSerializer.Serialize(ScriptedApi.Row("failed", null), FaafoJson.Default.Fractal));
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task Result_that_the_API_rejects_fails_the_fractal()
    {
        _api.Reject(400, Problem.InvalidRequest, null);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "PUT error", "ack"], _events);
    }

    [Fact]
    public async Task Message_of_a_fractal_done_with_another_image_is_dead_lettered()
    {
        _api.Reject(409, Problem.OtherResult);
        var delivery = new TestDelivery(_events, Task100.ToUtf8());
        await HandleAsync(delivery);

        Assert.Equal(["store", "PUT checksum", "dead letter"], _events);
        Assert.Equal("the API rejected the result: other-result", delivery.Reason);
    }

    [Fact]
    public async Task Image_that_appears_late_in_the_APIs_store_is_not_sent()
    {
        _api.Reject(409, Problem.ImageMissing);
        _api.Reject(409, Problem.ImageMissing);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", "PUT checksum", "PUT checksum", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task Image_missing_from_the_APIs_store_is_sent_and_later_images_immediately()
    {
        _api.HasOwnStore = true;
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        // 3.1 s of growing delays for the first image; the next one is rendered into memory and sent immediately.
        Assert.Equal(["store", .. Enumerable.Repeat("PUT checksum", 6), "PUT image", "ack", "PUT image", "ack"], _events);
        Assert.Equal([.1, .2, .4, .8, 1.6], _time.Pauses.Select(pause => pause.TotalSeconds));
        Assert.Equal(2, _api.Images.Count);
        Assert.All(_api.Images, image => Assert.Equal(_images.Stored, image));
        Assert.Single(_log.All, line => line.Contains("set --image-store-url of both to the same store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Image_too_large_to_be_sent_fails_the_fractal_and_names_the_remedy()
    {
        _api.HasOwnStore = true;
        _images.Size = FractalResult.LargestImage + 1L;
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", .. Enumerable.Repeat("PUT checksum", 6), "PUT error", "ack"], _events);
        Assert.Contains("set --image-store-url of worker and API to the same store", _api.Errors.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_too_large_for_a_proxy_fails_the_fractal()
    {
        _api.HasOwnStore = true;
        _api.LargestBody = 500;
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", .. Enumerable.Repeat("PUT checksum", 6), "PUT image", "PUT error", "ack"], _events);
        Assert.Contains("413", _api.Errors.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_missing_from_both_stores_fails_the_fractal()
    {
        _api.HasOwnStore = true;
        _images.Forgets = true;
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["store", .. Enumerable.Repeat("PUT checksum", 6), "PUT error", "ack"], _events);
    }

    [Fact]
    public async Task Reason_of_any_length_is_cut_to_what_the_API_accepts()
    {
        _images.Fault = new InvalidOperationException("\0" + new string('x', 20_000));
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));

        Assert.Equal(["PUT error", "ack"], _events);
        Assert.StartsWith("rendering failed:  xxx", _api.Errors.Single(), StringComparison.Ordinal);
        Assert.Equal(FractalResult.LongestError, _api.Errors.Single().Length);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{\"width\": 5}")]
    [InlineData("\"text\"")]
    public async Task Message_that_is_not_a_task_is_dead_lettered_with_its_reason(string body)
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
    public async Task Task_out_of_limits_fails_the_fractal_and_is_dead_lettered(string field, int value)
    {
        var message = JsonSerializer.Deserialize<Dictionary<string, object?>>(Task100.ToUtf8())!;
        message[field] = value;
        var delivery = new TestDelivery(_events, JsonSerializer.SerializeToUtf8Bytes(message));
        await HandleAsync(delivery);

        Assert.Equal(["PUT error", "dead letter"], _events);
        Assert.Contains(field, delivery.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redelivered_message_of_a_done_fractal_is_only_acknowledged()
    {
        _api.Status = "done";
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = 1 });

        Assert.Equal(["GET", "ack"], _events);
    }

    [Fact]
    public async Task Redelivered_message_is_not_dropped_because_of_a_proxys_response()
    {
        _api.Answer(HttpStatusCode.NotFound);
        _api.Answer(HttpStatusCode.Unauthorized);
        _api.Reject(404, Problem.NoSuchFractal);
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = 1 });

        Assert.Equal(["GET", "GET", "GET", "ack"], _events);
    }

    [Fact]
    public async Task Redelivered_message_of_an_unfinished_fractal_is_rendered()
    {
        _api.Status = "rendering";
        await HandleAsync(new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = 1 });

        Assert.Equal(["GET", "store", "PUT checksum", "ack"], _events);
    }

    [Fact]
    public async Task Message_delivered_ten_times_without_an_end_is_dead_lettered()
    {
        var delivery = new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = TaskQueue.DeliveryLimit };
        await HandleAsync(delivery);

        Assert.Equal(["PUT error", "dead letter"], _events);
        Assert.Contains("10 deliveries", delivery.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aborted_report_to_an_unreachable_API_returns_the_message()
    {
        using var abort = new CancellationTokenSource();
        for (var i = 0; i < 1000; i++)
        {
            _api.Break();
        }
        _api.Asked = abort.Cancel;
        await HandleUntilAsync(new TestDelivery(_events, Task100.ToUtf8()), abort.Token);

        Assert.Equal(["store", "PUT checksum", "return"], _events);
    }

    [Fact]
    public async Task Two_concurrent_deliveries_of_one_fractal_are_handled_one_after_the_other()
    {
        _images.Gate = new TaskCompletionSource();
        var first = HandleAsync(new TestDelivery(_events, Task100.ToUtf8()));
        var second = HandleAsync(new TestDelivery(_events, Task100.ToUtf8()) { EarlierDeliveries = 1 });
        _api.Status = "done";
        Assert.Equal(1, _inFlight.Count);
        _images.Gate.SetResult();
        await System.Threading.Tasks.Task.WhenAll(first, second);

        Assert.Equal(["store", "PUT checksum", "ack", "GET", "ack"], _events);
    }

    private Task HandleAsync(Delivery delivery) => HandleUntilAsync(delivery, Cancelled);

    private Task HandleUntilAsync(Delivery delivery, CancellationToken abort)
    {
        var options = new WorkerOptions(
            new Uri("http://api/"), "", QueueType.Quorum, "", "w1", 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var client = FaafoClient.Connect(options.EndpointUrl, _api, TimeSpan.FromSeconds(60));
        _handler ??= WorkerParts.CreateHandler(options, _images, client, _inFlight, _time, _log);
        return _handler.HandleAsync(delivery, abort);
    }

    private sealed class TestDelivery : Delivery
    {
        private readonly List<string> _events;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public TestDelivery(List<string> events, byte[] body)
        {
            _events = events;
            Body = body;
            EarlierDeliveries = 0;
        }

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

    // As strict as the real API: it accepts only a valid result and responds with the resulting row.
    private sealed class ScriptedApi(List<string> events) : HttpMessageHandler
    {
        private readonly Queue<Func<HttpResponseMessage>> _answers = new();

        public string Status { get; set; } = "queued";

        public bool HasOwnStore { get; set; }

        public int LargestBody { get; set; } = int.MaxValue;

        public List<byte[]> Images { get; } = [];

        public List<string> Errors { get; } = [];

        public Action? Asked { get; set; }

        public static Fractal Row(string status, string? checksum) => new()
        {
            Uuid = Task100.Uuid,
            Width = 1,
            Height = 1,
            Iterations = 1,
            Xa = 0,
            Xb = 0,
            Ya = 0,
            Yb = 0,
            Status = Enum.Parse<FractalStatus>(status, ignoreCase: true),
            Checksum = checksum,
        };

        /// <summary>Makes the next response one that does not come from the API.</summary>
        public void Answer(HttpStatusCode status, string body = "") =>
            _answers.Enqueue(() => Message(status, "text/plain", body));

        /// <summary>Makes the next response a rejection by the API, about the fractal or another resource.</summary>
        public void Reject(int status, string type, Guid? resource) => _answers.Enqueue(() => Rejection(status, type, resource));

        public void Reject(int status, string type) => Reject(status, type, Task100.Uuid);

        /// <summary>Breaks the next connection.</summary>
        public void Break() => _answers.Enqueue(() => throw new HttpRequestException("the connection broke"));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                events.Add("GET");
                return _answers.TryDequeue(out var read) ? read() : Of(Row(Status, null));
            }
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var result = JsonSerializer.Deserialize(body, FaafoJson.Default.FractalResult)!;
            var success = result.Image is null ? "PUT checksum" : "PUT image";
            events.Add(result.Error is null ? success : "PUT error");
            Asked?.Invoke();
            if (_answers.TryDequeue(out var answer))
            {
                return answer();
            }
            return body.Length > LargestBody ? Message(HttpStatusCode.RequestEntityTooLarge, "text/html", "too large") : Keep(result);
        }

        private HttpResponseMessage Keep(FractalResult result)
        {
            if (result.Error is not null)
            {
                Errors.Add(result.Error);
                return Of(Row("failed", null));
            }
            if (result.Image is not { } image)
            {
                return HasOwnStore ? Rejection(409, Problem.ImageMissing, Task100.Uuid) : Of(Row("done", result.Checksum));
            }
            if (image.Length != result.Size || Convert.ToHexStringLower(SHA256.HashData(image)) != result.Checksum)
            {
                return Rejection(400, Problem.InvalidRequest, null);
            }
            Images.Add(image);
            return Of(Row("done", result.Checksum));
        }

        private static HttpResponseMessage Of(Fractal row) =>
            Message(HttpStatusCode.OK, "application/json", JsonSerializer.Serialize(row, FaafoJson.Default.Fractal));

        private static HttpResponseMessage Rejection(int status, string type, Guid? resource)
        {
            var problem = new Problem("", status, type.Split(':')[^1]) { Type = type, Resource = resource?.ToString() };
            return Message((HttpStatusCode)status, Problem.MediaType, JsonSerializer.Serialize(problem, FaafoJson.Default.Problem));
        }

        private static HttpResponseMessage Message(HttpStatusCode status, string type, string body) => new(status)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };
    }

    private sealed class FaultyImages(List<string> events) : IImageStore
    {
        public int Failures { get; set; }

        public Exception? Fault { get; set; }

        /// <summary>The last stored image.</summary>
        public byte[] Stored { get; private set; } = [];

        /// <summary>The size to report instead of the real one.</summary>
        public long? Size { get; set; }

        public bool Forgets { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public async Task<StoredImage> WriteAsync(
            Guid uuid, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
        {
            if (Failures-- > 0)
            {
                events.Add("store fails");
                throw new ImageStoreException("the disk is full");
            }
            if (Fault is not null)
            {
                throw Fault;
            }
            await (Gate?.Task ?? System.Threading.Tasks.Task.CompletedTask);
            using var image = new MemoryStream();
            await write(image, cancellationToken);
            events.Add("store");
            Stored = image.ToArray();
            return new StoredImage(Size ?? image.Length, Convert.ToHexStringLower(SHA256.HashData(Stored)));
        }

        public Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken) =>
            System.Threading.Tasks.Task.FromResult<Stream?>(Forgets ? null : new MemoryStream(Stored));

        public Task DeleteAsync(Guid uuid, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Uri?> GetUrlAsync(Guid uuid, TimeSpan lifetime, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
