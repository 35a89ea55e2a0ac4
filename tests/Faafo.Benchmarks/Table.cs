using System.Text.Json;

namespace Faafo.Benchmarks;

/// <summary>Prints the rows as a reStructuredText table, the way docs/performance.rst shows them.</summary>
internal static class Table
{
    // An en dash, because a lone hyphen in a cell starts a bullet list.
    private const string None = "–";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(IEnumerable<Row> rows)
    {
        string[][] cells =
        [
            ["what", "baseline", "ours", "ratio", "goal", "met"],
            .. rows.Select(row => new[] { row.What, Dash(row.Baseline), row.Ours, Dash(row.Ratio), Dash(row.Goal), Met(row) }),
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(line => line[column].Length)).ToArray();
        var rule = string.Join("  ", widths.Select(width => new string('=', width)));
        Console.WriteLine(rule);
        for (var i = 0; i < cells.Length; i++)
        {
            Console.WriteLine(string.Join("  ", cells[i].Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
            if (i == 0)
            {
                Console.WriteLine(rule);
            }
        }
        Console.WriteLine(rule);
    }

    private static string Dash(string cell) => cell.Length == 0 ? None : cell;

    private static string Met(Row row) => row.Met switch { true => "yes", false => "no", null => None };
}
