using System.CommandLine;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary>The options of <c>faafo create</c>: names and defaults are the original's.</summary>
internal sealed class CreateOptions
{
    private readonly NumberOption<int> _height = Side("height", "Pixels from top to bottom");
    private readonly NumberOption<int> _width = Side("width", "Pixels from left to right");
    private readonly NumberOption<int> _iterations =
        new("iterations", "Most iterations per pixel", 128, 512, Whole(FractalLimits.MaxIterations, FractalLimits.IterationsLimit));
    private readonly NumberOption<int> _tasks = new("tasks", "Fractals to order", 1, 10, Whole(MostTasks, "a whole number from 1 to 100000"));
    private readonly NumberOption<double> _xa = Edge("xa", "Real part of the left edge", -1.0, -4.0);
    private readonly NumberOption<double> _xb = Edge("xb", "Real part of the right edge", 1.0, 4.0);
    private readonly NumberOption<double> _ya = Edge("ya", "Imaginary part of the first row", -0.5, -3);
    private readonly NumberOption<double> _yb = Edge("yb", "Imaginary part of the last row", 0.5, 3);
    private readonly Option<double?> _cx = Constant("--cx", "Real part of the constant; drawn by the API if not given");
    private readonly Option<double?> _cy = Constant("--cy", "Imaginary part of the constant; drawn by the API if not given");
    private readonly Option<int?> _seed = ProgramOption.OptionalNumber(
        "--seed", "Draw the same tasks, uuids too, as every run with this whole number", int.MinValue, int.MaxValue);
    private readonly Option<bool> _wait = ProgramOption.Switch("--wait", "Wait until all are done or failed");

    /// <summary>Most tasks of one order.</summary>
    public const int MostTasks = 100_000;

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
        [.. _height, .. _width, .. _iterations, .. _tasks, .. _xa, .. _xb, .. _ya, .. _yb, _cx, _cy, _seed, _wait];

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">A least number is above its most.</exception>
    public CreateOrder Read(ParseResult parsed)
    {
        var seed = parsed.GetValue(_seed);
        var recipe = new RandomTask(Range(_width), Range(_height), Range(_iterations), Real(_xa), Real(_xb), Real(_ya), Real(_yb), seed is not null)
        {
            Cx = parsed.GetValue(_cx),
            Cy = parsed.GetValue(_cy),
        };
        return new CreateOrder(recipe, Range(_tasks), seed is { } given ? new Random(given) : new Random(), parsed.GetValue(_wait));

        WholeRange Range(NumberOption<int> option)
        {
            var (min, max) = option.Read(parsed);
            return min <= max ? new WholeRange(min, max)
                : throw new UsageException($"--min-{option.Name} must be at most --max-{option.Name}, which is {max}, not {min}");
        }

        RealRange Real(NumberOption<double> option)
        {
            var (min, max) = option.Read(parsed);
            return new RealRange(min, max);
        }
    }

    private static NumberOption<int> Side(string name, string description) =>
        new(name, description, 256, 1024, Whole(FractalLimits.MaxSide, FractalLimits.SideLimit));

    private static NumberOption<double> Edge(string name, string description, double min, double max) =>
        new(name, description, min, max, Coordinate);

    private static Option<double?> Constant(string name, string description) =>
        ProgramOption.Of<double?>(name, description, text => Coordinate(text, name), () => null);

    private static Func<string, string, int> Whole(int most, string limit) => (text, name) =>
        Number.TryWhole(text, out var n) && n >= 1 && n <= most ? n
            : throw new FormatException($"{name} must be {limit}, not '{text}'");

    private static double Coordinate(string text, string name) =>
        Number.TryReal(text, out var x) && Math.Abs(x) <= FractalLimits.MaxCoordinate ? x
            : throw new FormatException($"{name} must be {FractalLimits.CoordinateLimit}, not '{text}'");
}

/// <summary>What <c>faafo create</c> was asked for.</summary>
internal sealed record CreateOrder(RandomTask Recipe, WholeRange Tasks, Random Random, bool Wait)
{
    /// <summary>The tasks, drawn as they are asked for.</summary>
    public IEnumerable<NewFractal> Draw()
    {
        // Not by Select, whose generic virtual methods native code looks up at run time: 0.1 ms.
        for (var left = Tasks.Draw(Random); left > 0; left--)
        {
            yield return Recipe.Draw(Random);
        }
    }
}

/// <summary>Three options for one number: <c>--NAME</c>, or drawn between <c>--min-NAME</c> and <c>--max-NAME</c>.</summary>
internal sealed class NumberOption<T>(string name, string description, T min, T max, Func<string, string, T> parse)
    : IEnumerable<Option> where T : struct
{
    private readonly Option<T?> _given = ProgramOption.Of<T?>($"--{name}", description, text => parse(text, $"--{name}"), () => null);
    private readonly Option<T> _min = Of($"--min-{name}", $"One end of the range to draw {name} from", min, parse);
    private readonly Option<T> _max = Of($"--max-{name}", $"The other end of the range to draw {name} from", max, parse);

    /// <summary>The name, without dashes.</summary>
    public string Name => name;

    /// <summary>Both ends of the range; equal when the number is given.</summary>
    public (T Min, T Max) Read(ParseResult parsed) =>
        parsed.GetValue(_given) is { } given ? (given, given) : (parsed.GetValue(_min), parsed.GetValue(_max));

    /// <summary>The three options.</summary>
    public IEnumerator<Option> GetEnumerator() => ((IEnumerable<Option>)[_given, _min, _max]).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    private static Option<T> Of(string name, string description, T value, Func<string, string, T> parse) =>
        ProgramOption.Of(name, description, text => parse(text, name), () => value);
}
