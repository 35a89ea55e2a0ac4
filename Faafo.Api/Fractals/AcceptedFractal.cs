using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// Writes the answer of <c>POST /v1/fractal</c>: the JSON that <see cref="FaafoJson"/> writes of the new row, but straight from the task
/// and without allocating.
/// </summary>
internal static class AcceptedFractal
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Writes a <see cref="Fractal"/> that has just been queued.</summary>
    public static void Write(IBufferWriter<byte> output, FractalTask task, DateTimeOffset acceptedAt)
    {
        var json = _writer ??= new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.Reset(output);
        json.WriteStartObject();
        json.WriteNull("checksum"u8);
        json.WriteNull("duration"u8);
        json.WriteNull("generated_by"u8);
        json.WriteNumber("height"u8, task.Height);
        json.WriteNumber("iterations"u8, task.Iterations);
        json.WriteNull("size"u8);
        json.WriteNull("url"u8);
        json.WriteString("uuid"u8, task.Uuid);
        json.WriteNumber("width"u8, task.Width);
        json.WriteNumber("xa"u8, task.Xa);
        json.WriteNumber("xb"u8, task.Xb);
        json.WriteNumber("ya"u8, task.Ya);
        json.WriteNumber("yb"u8, task.Yb);
        json.WriteNumber("cx"u8, task.Cx!.Value);
        json.WriteNumber("cy"u8, task.Cy!.Value);
        json.WriteString("status"u8, "queued"u8);
        json.WriteNull("error"u8);
        json.WriteString("created_at"u8, acceptedAt);
        json.WriteNull("finished_at"u8);
        json.WriteEndObject();
        json.Flush();
    }
}
