using System.CommandLine;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary>
/// The options of <c>faafo create</c>, with the names and defaults of the original Faafo (openstack-archive/faafo).
/// </summary>
internal sealed class CreateOptions
{
    private readonly NumberOption<int> _height = Side("height", "Pixels from top to bottom");
    private readonly NumberOption<int> _width = Side("width", "Pixels from left to right");
    private readonly NumberOption<int> _iterations =
        new("iterations", "Most iterations per pixel", FractalRanges.MinIterations, FractalRanges.MaxIterations,
            Whole(FractalLimits.MaxIterations, FractalLimits.IterationsLimit));
    private readonly NumberOption<int> _tasks =
        new("tasks", "Fractals to create", 1, 10, Whole(MostTasks, "a whole number from 1 to 100000"));
    private readonly NumberOption<double> _xa = Edge("xa", "Real part of the left edge", -1, FractalRanges.RealEdge);
    private readonly NumberOption<double> _xb = Edge("xb", "Real part of the right edge", 1, FractalRanges.RealEdge);
    private readonly NumberOption<double> _ya = Edge("ya", "Imaginary part of the first row", -1, FractalRanges.ImaginaryEdge);
    private readonly NumberOption<double> _yb = Edge("yb", "Imaginary part of the last row", 1, FractalRanges.ImaginaryEdge);
    private readonly Option<double?> _cx = Constant("--cx", "Real part of the constant; drawn by the API if not given");
    private readonly Option<double?> _cy = Constant("--cy", "Imaginary part of the constant; drawn by the API if not given");
    private readonly Option<int?> _seed = ProgramOption.OptionalNumber(
        "--seed", "Draw the same tasks, with the same uuids, as every run with this whole number", int.MinValue, int.MaxValue);
    private readonly Option<bool> _wait = ProgramOption.Switch("--wait", "Wait until all fractals are done or failed");

    /// <summary>The largest number of tasks of one command.</summary>
    public const int MostTasks = 100_000;

    /// <summary>All options.</summary>
    public IEnumerable<Option> All =>
        [.. _height, .. _width, .. _iterations, .. _tasks, .. _xa, .. _xb, .. _ya, .. _yb, _cx, _cy, _seed, _wait];

    /// <summary>Reads the parsed values.</summary>
    /// <exception cref="UsageException">A minimum is above its maximum.</exception>
    public CreateRequest Read(ParseResult parsed)
    {
        var seed = parsed.GetValue(_seed);
        var generator = new FractalGenerator(
            Range(_width), Range(_height), Range(_iterations), Real(_xa), Real(_xb), Real(_ya), Real(_yb), IsRepeatable: seed is not null)
        {
            Cx = parsed.GetValue(_cx),
            Cy = parsed.GetValue(_cy),
        };
        var random = seed is { } given ? new Random(given) : new Random();
        return new CreateRequest(generator, Range(_tasks), random, parsed.GetValue(_wait));

        WholeRange Range(NumberOption<int> option)
        {
            var (min, max) = option.Read(parsed);
            return min <= max ? new WholeRange(min, max)
                : throw new UsageException($"--min-{option.Name} must be at most --max-{option.Name}, which is {max} (got {min})");
        }

        RealRange Real(NumberOption<double> option)
        {
            var (min, max) = option.Read(parsed);
            return new RealRange(min, max);
        }
    }

    private static NumberOption<int> Side(string name, string description) =>
        new(name, description, FractalRanges.MinSide, FractalRanges.MaxSide, Whole(FractalLimits.MaxSide, FractalLimits.SideLimit));

    private static NumberOption<double> Edge(string name, string description, int sign, (double Min, double Max) range) =>
        new(name, description, sign * range.Min, sign * range.Max, Coordinate);

    private static Option<double?> Constant(string name, string description) =>
        ProgramOption.Of<double?>(name, description, text => Coordinate(text, name), () => null);

    private static Func<string, string, int> Whole(int most, string limit) => (text, name) =>
        Number.TryWhole(text, out var n) && n >= 1 && n <= most ? n
            : throw new FormatException($"{name} must be {limit} (got '{text}')");

    private static double Coordinate(string text, string name) =>
        Number.TryReal(text, out var x) && Math.Abs(x) <= FractalLimits.MaxCoordinate ? x
            : throw new FormatException($"{name} must be {FractalLimits.CoordinateLimit} (got '{text}')");
}
