using System.Text.Json;

namespace Faafo.Fractals;

/// <summary>
/// The message on the task queue: one Julia set to draw. Its JSON is the original's, byte for byte in names and order, with
/// <c>cx</c> and <c>cy</c> added behind; a message without them (queued by the original's API) is completed by <see cref="Parse"/>.
/// </summary>
public sealed record FractalTask
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

    /// <summary>Width in pixels, 1 to <see cref="FractalLimits.MaxSide"/>.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels, 1 to <see cref="FractalLimits.MaxSide"/>.</summary>
    public required int Height { get; init; }

    /// <summary>Most iterations per pixel, 1 to <see cref="FractalLimits.MaxIterations"/>.</summary>
    public required int Iterations { get; init; }

    /// <summary>Real part of the left edge.</summary>
    public required double Xa { get; init; }

    /// <summary>Real part of the right edge.</summary>
    public required double Xb { get; init; }

    /// <summary>Imaginary part of the first row.</summary>
    public required double Ya { get; init; }

    /// <summary>Imaginary part of the last row.</summary>
    public required double Yb { get; init; }

    /// <summary>Always null in a task; the original queues its whole row.</summary>
    public string? GeneratedBy { get; init; }

    /// <summary>Real part of the Julia set's constant; null only in messages of the original's API.</summary>
    public double? Cx { get; init; }

    /// <summary>Imaginary part of the Julia set's constant; null only in messages of the original's API.</summary>
    public double? Cy { get; init; }

    /// <summary>Pixels times iterations: the unit in which waiting work is counted.</summary>
    public long Work() => (long)Width * Height * Iterations;

    /// <summary>
    /// This task with its constant: the given one, or one drawn from the box by a generator seeded with the uuid, so that every
    /// worker that is handed the same message draws the same picture.
    /// </summary>
    public FractalTask WithConstant()
    {
        if (Cx is not null && Cy is not null)
        {
            return this;
        }
        var (cx, cy) = JuliaConstant.Draw(Xa, Xb, Ya, Yb, JuliaConstant.GeneratorFor(Uuid));
        return this with { Cx = Cx ?? cx, Cy = Cy ?? cy };
    }

    /// <summary>The message's bytes.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, FaafoJson.Default.FractalTask);

    /// <summary>Reads a message and checks every limit.</summary>
    /// <exception cref="MalformedTaskException">
    /// It is not JSON, lacks a field, or a value is out of its limits. No bytes cause any other exception.
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
            // Not only JsonException: "\ud800" in a string is an InvalidOperationException. Whatever these bytes cause, they will again.
            throw new MalformedTaskException($"the message is not a task: {e.Message}", TryReadUuid(utf8));
        }
        var errors = FractalLimits.Check(task);
        return errors.Count == 0
            ? task.WithConstant()
            : throw new MalformedTaskException(string.Join("; ", errors.Select(e => e.Message)), task.Uuid);
    }

    /// <summary>The fractal that a message names, even if it is no task otherwise; null when it names none.</summary>
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
