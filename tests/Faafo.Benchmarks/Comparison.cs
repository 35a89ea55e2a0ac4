namespace Faafo.Benchmarks;

/// <summary>A group of rows that are measured together.</summary>
/// <param name="Name">The name for <c>--only</c>.</param>
/// <param name="Measure">Measures the rows; its argument requests the short version.</param>
internal sealed record Comparison(string Name, Func<bool, IEnumerable<Row>> Measure)
{
    /// <summary>All comparisons, in the order of the table. To add one, write a file like <see cref="KernelSpeed"/> and list it here.</summary>
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
    /// Measurements that need a separate process (<c>--child NAME ARGUMENT</c>) because its settings or its memory matter. The process prints
    /// one line of numbers.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<string, double[]>> Children { get; } = new Dictionary<string, Func<string, double[]>>
    {
        ["kernel"] = KernelSpeed.Child,
        ["exact"] = Exactness.Child,
        ["big"] = BigPicture.Child,
    };
}
