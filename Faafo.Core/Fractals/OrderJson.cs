using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Faafo.Fractals;

/// <summary>
/// Both bodies of <c>POST /v1/fractal</c> by hand, as <see cref="FaafoJson"/> writes and reads them: a process that lives for one order would
/// spend more on the metadata of generated code than on the order itself.
/// </summary>
internal static class OrderJson
{
    // What no fractal has, so that it is seen when something is missing.
    private static readonly Fractal Nothing = new()
    {
        Height = 0,
        Iterations = 0,
        Uuid = Guid.Empty,
        Width = 0,
        Xa = double.NaN,
        Xb = double.NaN,
        Ya = double.NaN,
        Yb = double.NaN,
    };

    /// <summary>The order, as UTF-8.</summary>
    public static byte[] Write(NewFractal order)
    {
        var cx = order.Cx is null ? "" : string.Create(CultureInfo.InvariantCulture, $",\"cx\":{order.Cx}");
        var cy = order.Cy is null ? "" : string.Create(CultureInfo.InvariantCulture, $",\"cy\":{order.Cy}");
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
            {"uuid":"{{order.Uuid}}","width":{{order.Width}},"height":{{order.Height}},"iterations":{{order.Iterations}},"xa":{{order.Xa}},"xb":{{order.Xb}},"ya":{{order.Ya}},"yb":{{order.Yb}}{{cx}}{{cy}}}
            """));
    }

    /// <summary>The fractal that the API has accepted.</summary>
    /// <exception cref="JsonException">This is not a fractal.</exception>
    public static Fractal Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var fractal = Nothing;
        try
        {
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                fractal = With(fractal, name, ref reader);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException(e.Message, e);
        }
        var isWhole = fractal is { Width: > 0, Height: > 0, Iterations: > 0 } && fractal.Uuid != Guid.Empty
            && !double.IsNaN(fractal.Xa + fractal.Xb + fractal.Ya + fractal.Yb);
        return isWhole ? fractal : throw new JsonException("it lacks fields of a fractal");
    }

    private static Fractal With(Fractal fractal, string? name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return fractal;
        }
        switch (name)
        {
            case "checksum": return fractal with { Checksum = reader.GetString() };
            case "duration": return fractal with { Duration = reader.GetDouble() };
            case "generated_by": return fractal with { GeneratedBy = reader.GetString() };
            case "height": return fractal with { Height = reader.GetInt32() };
            case "iterations": return fractal with { Iterations = reader.GetInt32() };
            case "size": return fractal with { Size = reader.GetInt64() };
            case "url": return fractal with { Url = reader.GetString() };
            case "uuid": return fractal with { Uuid = reader.GetGuid() };
            case "width": return fractal with { Width = reader.GetInt32() };
            case "xa": return fractal with { Xa = reader.GetDouble() };
            case "xb": return fractal with { Xb = reader.GetDouble() };
            case "ya": return fractal with { Ya = reader.GetDouble() };
            case "yb": return fractal with { Yb = reader.GetDouble() };
            case "cx": return fractal with { Cx = reader.GetDouble() };
            case "cy": return fractal with { Cy = reader.GetDouble() };
            case "status": return fractal with { Status = Status(ref reader) };
            case "error": return fractal with { Error = reader.GetString() };
            case "created_at": return fractal with { CreatedAt = reader.GetDateTimeOffset() };
            case "finished_at": return fractal with { FinishedAt = reader.GetDateTimeOffset() };
            default: reader.Skip(); return fractal;
        }
    }

    private static FractalStatus Status(ref Utf8JsonReader reader) => reader.GetString() switch
    {
        "queued" => FractalStatus.Queued,
        "rendering" => FractalStatus.Rendering,
        "done" => FractalStatus.Done,
        "failed" => FractalStatus.Failed,
        var other => throw new JsonException($"'{other}' is not a status"),
    };
}
