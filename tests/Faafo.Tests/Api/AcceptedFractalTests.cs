using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Faafo.Api.Fractals;
using Faafo.Fractals;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class AcceptedFractalTests
{
    private static readonly DateTimeOffset AcceptedAt = new(2026, 11, 25, 12, 30, 45, 678, TimeSpan.Zero);

    private static readonly ReadOnlySequence<byte> Body = new("""
        {"uuid": "11111111-2222-4333-8444-555555555555", "width": 300, "height": 260, "iterations": 200,
        "xa": -1.5, "xb": 2.25, "ya": -1.25, "yb": 1.1, "cx": -0.70176, "cy": 1e-20}
        """u8.ToArray());

    [Fact]
    public void Answer_is_what_the_serializer_writes_for_the_row()
    {
        var task = FractalRequest.Parse(Body).Task!;
        var answer = new ArrayBufferWriter<byte>();
        AcceptedFractal.Write(answer, task, AcceptedAt);

        var row = new Fractal
        {
            Uuid = task.Uuid,
            Width = 300,
            Height = 260,
            Iterations = 200,
            Xa = -1.5,
            Xb = 2.25,
            Ya = -1.25,
            Yb = 1.1,
            Cx = -0.70176,
            Cy = 1e-20,
            Status = FractalStatus.Queued,
            CreatedAt = AcceptedAt,
        };
        var json = new FaafoJson(
            new JsonSerializerOptions(FaafoJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Equal(JsonSerializer.Serialize(row, json.Fractal), Encoding.UTF8.GetString(answer.WrittenSpan));
    }

    [Fact]
    public void Reading_a_request_and_writing_its_answer_allocates_only_the_task()
    {
        const int requests = 1000;
        var answer = new ArrayBufferWriter<byte>(1024);
        Handle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < requests; n++)
        {
            Handle();
        }
        var perRequest = (GC.GetAllocatedBytesForCurrentThread() - before) / requests;

        // The task's own fields: two numbers of 16 bytes, nine of 8 or 16, and the header of the object.
        Assert.InRange(perRequest, 1, 256);

        void Handle()
        {
            answer.ResetWrittenCount();
            AcceptedFractal.Write(answer, FractalRequest.Parse(Body).Task!, AcceptedAt);
        }
    }
}
