using System.Buffers;
using System.Text;
using System.Text.Json;
using Faafo.Api.Http;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>Reads the body of <c>POST /v1/fractal</c> in one pass and reports what is wrong with each field.</summary>
internal ref struct FractalRequest
{
    // A field's index is its bit in _seen. Uuid, whole numbers, edges; then the constant, which may be absent or null.
    private static readonly string[] Fields = ["uuid", "width", "height", "iterations", "xa", "xb", "ya", "yb", "cx", "cy"];
    private const int Uuid = 0;
    private const int Iterations = 3;
    private const int Required = 8;

    private Utf8JsonReader _reader;
    private List<FieldError>? _errors;
    private Guid _uuid;
    private int _seen;
    private Span<int> _whole;
    private Span<double> _coordinates;

    /// <summary>Reads a task, or the reasons why there is none.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string in it is not valid Unicode.</exception>
    public static (FractalTask? Task, IReadOnlyList<FieldError> Errors) Parse(ReadOnlySequence<byte> body)
    {
        var request = new FractalRequest
        {
            _reader = new Utf8JsonReader(body),
            _whole = stackalloc int[Iterations + 1],
            _coordinates = stackalloc double[Fields.Length],
        };
        var task = request.Read();
        return request._errors is { Count: > 0 } errors ? (null, errors) : (task!.WithConstant(), []);
    }

    private FractalTask? Read()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject)
        {
            Reject(new FieldError("body", null, "a JSON object", "the body must be a JSON object"));
            return null;
        }
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField();
        }
        while (_reader.Read())
        {
            // The reader throws if anything but white space follows the object.
        }
        RejectMissing();
        var task = new FractalTask
        {
            Uuid = _uuid,
            Width = _whole[1],
            Height = _whole[2],
            Iterations = _whole[Iterations],
            Xa = _coordinates[4],
            Xb = _coordinates[5],
            Ya = _coordinates[6],
            Yb = _coordinates[7],
            Cx = WasGiven(8) ? _coordinates[8] : null,
            Cy = WasGiven(9) ? _coordinates[9] : null,
        };
        foreach (var error in FractalLimits.Check(task))
        {
            if (_errors?.Exists(known => known.Field == error.Field) != true)
            {
                Reject(error);
            }
        }
        return task;
    }

    private void ReadField()
    {
        var field = 0;
        while (field < Fields.Length && !_reader.ValueTextEquals(Fields[field]))
        {
            field++;
        }
        if (field == Fields.Length)
        {
            RejectUnknown(Problems.Shortened(_reader.GetString()!));
            return;
        }
        _reader.Read();
        if (field >= Required && _reader.TokenType == JsonTokenType.Null)
        {
            return;
        }
        switch (field)
        {
            case Uuid: _uuid = ReadUuid(); break;
            case <= Iterations: _whole[field] = ReadWhole(field); break;
            default: _coordinates[field] = ReadCoordinate(field); break;
        }
        _seen |= 1 << field;
    }

    private readonly bool WasGiven(int field) => (_seen & (1 << field)) != 0;

    private void Reject(FieldError error) => (_errors ??= []).Add(error);

    private void RejectMissing()
    {
        for (var field = 0; field < Required; field++)
        {
            if (!WasGiven(field))
            {
                Reject(FieldError.Of(Fields[field], null, LimitOf(field)));
            }
        }
    }

    private void RejectUnknown(string name)
    {
        _reader.Read();
        Reject(new FieldError(name, ReadText(), "no such field",
            $"{name} is not a field of a fractal; its fields are {string.Join(", ", Fields)}"));
    }

    private static string LimitOf(int field) => field switch
    {
        Uuid => FractalLimits.UuidLimit,
        < Iterations => FractalLimits.SideLimit,
        Iterations => FractalLimits.IterationsLimit,
        _ => FractalLimits.CoordinateLimit,
    };

    private Guid ReadUuid()
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
            // An escape that is not valid Unicode, for instance "\ud800".
        }
        Reject(FieldError.Of(Fields[Uuid], ReadText(), LimitOf(Uuid)));
        return default;
    }

    private int ReadWhole(int field)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var value))
        {
            return value;
        }
        Reject(FieldError.Of(Fields[field], ReadText(), LimitOf(field)));
        return 1;
    }

    private double ReadCoordinate(int field)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value))
        {
            return value;
        }
        Reject(FieldError.Of(Fields[field], ReadText(), LimitOf(field)));
        return 0;
    }

    // The current value as it is in the body, shortened for a message; leaves the reader at the value's end.
    private string ReadText()
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
