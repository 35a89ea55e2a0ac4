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
    private static readonly DateTimeOffset At = new(2026, 11, 25, 12, 30, 45, 678, TimeSpan.Zero);

    private static readonly ReadOnlySequence<byte> Body = new("""
        {"uuid": "11111111-2222-4333-8444-555555555555", "width": 300, "height": 260, "iterations": 200,
        "xa": -1.5, "xb": 2.25, "ya": -1.25, "yb": 1.1, "cx": -0.70176, "cy": 1e-20}
        """u8.ToArray());

    [Fact]
    public void Answer_is_what_the_serializer_writes_of_the_row()
    {
        var task = FractalRequest.Parse(Body).Task!;
        var answer = new ArrayBufferWriter<byte>();
        AcceptedFractal.Write(answer, task, At);

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
            CreatedAt = At,
        };
        var json = new FaafoJson(new JsonSerializerOptions(FaafoJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Equal(JsonSerializer.Serialize(row, json.Fractal), Encoding.UTF8.GetString(answer.WrittenSpan));
    }

    [Fact]
    public void Reading_an_order_and_writing_its_answer_allocates_nothing_but_the_task()
    {
        const int orders = 1000;
        var answer = new ArrayBufferWriter<byte>(1024);
        Handle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < orders; n++)
        {
            Handle();
        }
        var perOrder = (GC.GetAllocatedBytesForCurrentThread() - before) / orders;

        // The task's own fields: two numbers of 16 bytes, nine of 8 or 16, and the header.
        Assert.InRange(perOrder, 1, 256);

        void Handle()
        {
            answer.ResetWrittenCount();
            AcceptedFractal.Write(answer, FractalRequest.Parse(Body).Task!, At);
        }
    }
}
