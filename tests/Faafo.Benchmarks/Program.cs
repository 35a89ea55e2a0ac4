using System.Globalization;
using System.Text.Json;
using Faafo.Benchmarks;

// bench [--only NAME] [--quick] [--json FILE]; the program runs itself with --child NAME ARGUMENT.
if (args is ["--child", var child, var argument])
{
    var numbers = Comparison.Children[child](argument);
    Console.WriteLine(string.Join(' ', numbers.Select(number => number.ToString("r", CultureInfo.InvariantCulture))));
    return 0;
}

if (args is ["--plain", var url, var database, var transportUrl])
{
    await Faafo.Benchmarks.Services.PlainService.RunAsync(url, database, transportUrl);
    return 0;
}

string? only = null;
string? json = null;
var quick = false;
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--quick")
    {
        quick = true;
    }
    else if (args[i] is "--only" && i + 1 < args.Length && Comparison.All.Any(comparison => comparison.Name == args[i + 1]))
    {
        only = args[++i];
    }
    else if (args[i] is "--json" && i + 1 < args.Length)
    {
        json = args[++i];
    }
    else
    {
        var names = string.Join('|', Comparison.All.Select(comparison => comparison.Name));
        Console.Error.WriteLine($"usage: bench [--only {names}] [--quick] [--json FILE]");
        return 2;
    }
}

var rows = new List<Row>();
foreach (var comparison in Comparison.All.Where(comparison => only is null || comparison.Name == only))
{
    foreach (var row in comparison.Measure(quick))
    {
        rows.Add(row);
        Console.Error.WriteLine($"{comparison.Name}: {row.What}: {row.Ours} {row.Ratio}");
    }
}

Table.Print(rows);
if (json is not null)
{
    File.WriteAllText(json, JsonSerializer.Serialize(rows, Table.Json) + "\n");
}
return rows.Any(row => row is { Required: true, Met: false }) ? 1 : 0;
