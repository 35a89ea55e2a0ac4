namespace Faafo.Benchmarks;

/// <summary>A group of rows that are measured together.</summary>
/// <param name="Name">Its name for <c>--only</c>.</param>
/// <param name="Measure">Measures the rows; true requests the short version.</param>
internal sealed record Comparison(string Name, Func<bool, IEnumerable<Row>> Measure)
{
    /// <summary>All comparisons. To add one, write a class like <see cref="KernelSpeed"/> and list it here.</summary>
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

    /// <summary>
    /// The measurements in a separate process (<c>--child NAME ARGUMENT</c>), because its settings or its memory matter; it prints a line
    /// of numbers.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<string, double[]>> Children { get; } = new Dictionary<string, Func<string, double[]>>
    {
        ["kernel"] = KernelSpeed.Child,
        ["exact"] = Exactness.Child,
        ["big"] = BigPicture.Child,
    };
}
