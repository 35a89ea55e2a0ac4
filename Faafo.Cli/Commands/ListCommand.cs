using System.CommandLine;
using System.Text.Json;
using Faafo.Cli.Output;
using Faafo.Fractals;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo list</c>: every fractal, printed as the pages come.</summary>
internal static class ListCommand
{
    private const int PageSize = 100;

    // Wide enough for the largest picture there can be, since rows are printed before the last one is known.
    private static readonly Column[] Columns = [new("UUID", 36), new("Dimensions", 20), new("Filesize", 15)];

    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared) => shared.Run(new Command("list", "List all fractals"),
        (_, session, cancellationToken) => session.IsJson ? WriteJsonAsync(session, cancellationToken) : WriteTableAsync(session, cancellationToken));

    private static async Task<int> WriteTableAsync(CommandContext session, CancellationToken cancellationToken)
    {
        var table = new TableWriter(session.Output, Columns);
        var rows = 0;
        await foreach (var fractal in session.Api.ListAsync(cancellationToken, PageSize))
        {
            table.Row(fractal.Uuid.ToString(), Cell.Dimensions(fractal.Width, fractal.Height), Filesize(fractal));
            FlushEachPage(session.Output, ++rows);
        }
        table.End();
        return 0;
    }

    private static async Task<int> WriteJsonAsync(CommandContext session, CancellationToken cancellationToken)
    {
        var rows = 0;
        await foreach (var fractal in session.Api.ListAsync(cancellationToken, PageSize))
        {
            session.Output.Write(rows == 0 ? "[\n" : ",\n");
            session.Output.Write(JsonSerializer.Serialize(fractal, FaafoJson.Default.Fractal));
            FlushEachPage(session.Output, ++rows);
        }
        session.Output.WriteLine(rows == 0 ? "[]" : "\n]");
        return 0;
    }

    private static void FlushEachPage(TextWriter output, int rows)
    {
        if (rows % PageSize == 0)
        {
            output.Flush();
        }
    }

    private static string Filesize(Fractal fractal) =>
        fractal.Size is { } size ? Cell.Of(size, unit: " bytes") : Cell.Of(fractal.Status?.ToString().ToLowerInvariant());
}
