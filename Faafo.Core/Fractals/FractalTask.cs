using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.Fractals;

/// <summary>
/// The message on the task queue: one Julia set to draw. Its JSON has the names and order of the original Faafo
/// (openstack-archive/faafo), followed by <c>cx</c> and <c>cy</c>. <see cref="Parse"/> completes messages of the original's API, which
/// have no constant.
/// </summary>
public sealed record FractalTask : FractalParameters
{
    /// <summary>The fractal's id; names the row, the image and the result.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Always null in a task; the original queues its whole row.</summary>
    public string? Checksum { get; init; }

    /// <summary>Always null in a task; the original queues its whole row.</summary>
    public string? Url { get; init; }

    /// <summary>Always null in a task; the original queues its whole row.</summary>
    public double? Duration { get; init; }

    /// <summary>Always null in a task; the original queues its whole row.</summary>
    public long? Size { get; init; }

    /// <summary>Always null in a task; the original queues its whole row.</summary>
    [JsonPropertyOrder(60)]
    public string? GeneratedBy { get; init; }

    /// <summary>
    /// Returns this task with a constant: the one it has, or one drawn from the box by a generator seeded with the uuid, so that every
    /// worker draws the same picture from the same message.
    /// </summary>
    public FractalTask WithConstant()
    {
        if (Cx is not null && Cy is not null)
        {
            return this;
        }
        var (cx, cy) = JuliaConstant.Draw(this, JuliaConstant.GeneratorFor(Uuid));
        return this with { Cx = Cx ?? cx, Cy = Cy ?? cy };
    }

    /// <summary>Serializes the message.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, FaafoJson.Default.FractalTask);

    /// <summary>Reads a message and checks every limit.</summary>
    /// <exception cref="MalformedTaskException">
    /// The message is not JSON, a field is missing, or a value is out of range. No input causes any other exception.
    /// </exception>
    public static FractalTask Parse(ReadOnlySpan<byte> utf8)
    {
        FractalTask task;
        try
        {
            task = JsonSerializer.Deserialize(utf8, FaafoJson.Default.FractalTask)
                ?? throw new MalformedTaskException("the message is null", null);
        }
        catch (Exception e) when (e is not MalformedTaskException)
        {
            // Not only JsonException: "\ud800" in a string is an InvalidOperationException. No exception here is worth a retry: the same
            // bytes fail again.
            throw new MalformedTaskException($"the message is not a task: {e.Message}", TryReadUuid(utf8));
        }
        var errors = FractalLimits.Check(task);
        return errors.Count == 0
            ? task.WithConstant()
            : throw new MalformedTaskException(string.Join("; ", errors.Select(e => e.Message)), task.Uuid);
    }

    /// <summary>Reads the uuid of a message that may be malformed otherwise; null when there is none.</summary>
    public static Guid? TryReadUuid(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("uuid", out var uuid)
                && uuid.ValueKind == JsonValueKind.String
                && uuid.TryGetGuid(out var value) ? value : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
