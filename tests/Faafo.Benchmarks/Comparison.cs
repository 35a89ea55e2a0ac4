namespace Faafo.Benchmarks;

/// <summary>A line of the table.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Baseline">The baseline's figure, with its unit.</param>
/// <param name="Ours">Our figure, with its unit.</param>
/// <param name="Ratio">How the two compare.</param>
/// <param name="Goal">What is wanted; empty where a line only shows how cost grows.</param>
/// <param name="Met">Whether it is; null without a goal, or where this machine cannot tell.</param>
/// <param name="Required">Whether missing it fails the run: exactness, memory and format do, speeds do not.</param>
internal sealed record Row(string What, string Baseline, string Ours, string Ratio, string Goal, bool? Met, bool Required = false);

/// <summary>A group of lines that are measured together.</summary>
/// <param name="Name">What <c>--only</c> calls it.</param>
/// <param name="Measure">Measures; its argument asks for the short version.</param>
internal sealed record Comparison(string Name, Func<bool, IEnumerable<Row>> Measure)
{
    /// <summary>All there are. To add one, write a file like <see cref="KernelSpeed"/> and name it here.</summary>
    public static IReadOnlyList<Comparison> All { get; } =
    [
        new("kernel", KernelSpeed.Measure),
        new("peak", UsefulTests.Measure),
        new("exact", Exactness.Measure),
        new("png", PngEncoding.Measure),
        new("task", WholeTask.Measure),
        new("big", BigPicture.Measure),
        new("post", Services.Posting.Measure),
        new("get", Services.Reading.Measure),
        new("way", Services.EndToEnd.Measure),
        new("command", Services.CommandLine.Measure),
        new("worker", Services.WorkerStart.Measure),
    ];

    /// <summary>What a process of its own measures (<c>--child NAME ARGUMENT</c>), because its settings or its memory matter; the answer is a line of numbers.</summary>
    public static IReadOnlyDictionary<string, Func<string, double[]>> Children { get; } = new Dictionary<string, Func<string, double[]>>
    {
        ["kernel"] = KernelSpeed.Child,
        ["exact"] = Exactness.Child,
        ["big"] = BigPicture.Child,
    };
}
