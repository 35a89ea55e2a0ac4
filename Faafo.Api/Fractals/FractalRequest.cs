using System.Buffers;
using System.Text;
using System.Text.Json;
using Faafo.Api.Http;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>Reads the body of <c>POST /v1/fractal</c> in one pass and says of every field what is wrong with it.</summary>
internal ref struct FractalRequest
{
    private static readonly string[] Fields = ["uuid", "width", "height", "iterations", "xa", "xb", "ya", "yb", "cx", "cy"];
    private const int Required = 8;

    private Utf8JsonReader _reader;
    private List<FieldError>? _errors;

    /// <summary>The task, or the reasons why there is none.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string of it is no Unicode.</exception>
    public static (FractalTask? Task, IReadOnlyList<FieldError> Errors) Parse(ReadOnlySequence<byte> body)
    {
        var request = new FractalRequest { _reader = new Utf8JsonReader(body) };
        var task = request.Read();
        return request._errors is { Count: > 0 } errors ? (null, errors) : (task!.WithConstant(), []);
    }

    private FractalTask? Read()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse(new FieldError("body", null, "a JSON object", "the body must be a JSON object"));
            return null;
        }
        var uuid = Guid.Empty;
        Span<int> whole = stackalloc int[4];        // by the field's place in Fields
        Span<double> coordinates = stackalloc double[10];
        var seen = 0;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = 0;
            while (field < Fields.Length && !_reader.ValueTextEquals(Fields[field]))
            {
                field++;
            }
            var unknown = field == Fields.Length ? _reader.GetString() : null;
            _reader.Read();
            switch (field)
            {
                case 0: uuid = Uuid(); break;
                case <= 3: whole[field] = Whole(Fields[field], field == 3 ? FractalLimits.IterationsLimit : FractalLimits.SideLimit); break;
                case >= Required and <= 9 when _reader.TokenType == JsonTokenType.Null: continue;
                case <= 9: coordinates[field] = Coordinate(Fields[field]); break;
                default:
                    unknown = Problems.Shortened(unknown!);
                    Refuse(new FieldError(unknown, Text(), "no such field",
                        $"{unknown} is no field of a fractal; these are: {string.Join(", ", Fields)}"));
                    break;
            }
            seen |= 1 << field;
        }
        while (_reader.Read())
        {
            // Anything but white space behind the object makes the reader throw.
        }
        for (var field = 0; field < Required; field++)
        {
            if ((seen & (1 << field)) == 0)
            {
                Refuse(FieldError.Of(Fields[field], null, field switch
                {
                    0 => FractalLimits.UuidLimit,
                    1 or 2 => FractalLimits.SideLimit,
                    3 => FractalLimits.IterationsLimit,
                    _ => FractalLimits.CoordinateLimit,
                }));
            }
        }
        var task = new FractalTask
        {
            Uuid = uuid,
            Width = whole[1],
            Height = whole[2],
            Iterations = whole[3],
            Xa = coordinates[4],
            Xb = coordinates[5],
            Ya = coordinates[6],
            Yb = coordinates[7],
            Cx = (seen & (1 << 8)) != 0 ? coordinates[8] : null,
            Cy = (seen & (1 << 9)) != 0 ? coordinates[9] : null,
        };
        foreach (var error in FractalLimits.Check(task))
        {
            if (_errors is null || _errors.TrueForAll(known => known.Field != error.Field))
            {
                Refuse(error);
            }
        }
        return task;
    }

    private void Refuse(FieldError error) => (_errors ??= []).Add(error);

    private Guid Uuid()
    {
        try
        {
            if (_reader.TokenType == JsonTokenType.String && _reader.TryGetGuid(out var value))
            {
                return value;
            }
        }
        catch (InvalidOperationException)
        {
            // An escape that is no Unicode, for instance "\ud800".
        }
        Refuse(FieldError.Of("uuid", Text(), FractalLimits.UuidLimit));
        return default;
    }

    private int Whole(string field, string limit)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var value))
        {
            return value;
        }
        Refuse(FieldError.Of(field, Text(), limit));
        return 1;
    }

    private double Coordinate(string field)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value))
        {
            return value;
        }
        Refuse(FieldError.Of(field, Text(), FractalLimits.CoordinateLimit));
        return 0;
    }

    // The value as it stands in the body, shortened for the message; leaves the reader at the value's end.
    private string Text()
    {
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var kind = _reader.TokenType == JsonTokenType.StartObject ? "an object" : "a list";
            _reader.Skip();
            return kind;
        }
        var raw = Encoding.UTF8.GetString(_reader.HasValueSequence ? _reader.ValueSequence.ToArray() : _reader.ValueSpan);
        var text = _reader.TokenType == JsonTokenType.String ? $"\"{raw}\"" : raw;
        return Problems.Shortened(text);
    }
}
