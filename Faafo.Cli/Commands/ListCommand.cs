using System.CommandLine;
using System.Text.Json;
using Faafo.Cli.Output;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo list</c>: lists all fractals, page by page as they arrive.</summary>
internal static class ListCommand
{
    private const int PageSize = 100;

    // Wide enough for the largest possible picture, since rows are printed before the last one is known.
    private static readonly Column[] Columns = [new("UUID", 36), new("Dimensions", 20), new("Filesize", 15)];

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) => shared.Run(new Command("list", "List all fractals"),
        (_, context, cancellationToken) =>
            context.IsJson ? WriteJsonAsync(context, cancellationToken) : WriteTableAsync(context, cancellationToken));

    private static async Task<int> WriteTableAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var table = new TableWriter(context.Output, Columns);
        var rows = 0;
        await foreach (var fractal in context.Api.ListAsync(cancellationToken, PageSize))
        {
            table.Row(fractal.Uuid.ToString(), Cell.Dimensions(fractal.Width, fractal.Height), Filesize(fractal));
            FlushEachPage(context.Output, ++rows);
        }
        table.End();
        return CommandLine.Done;
    }

    private static async Task<int> WriteJsonAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var rows = 0;
        await foreach (var fractal in context.Api.ListAsync(cancellationToken, PageSize))
        {
            context.Output.Write(rows == 0 ? "[\n" : ",\n");
            context.Output.Write(JsonSerializer.Serialize(fractal, FaafoJson.Default.Fractal));
            FlushEachPage(context.Output, ++rows);
        }
        context.Output.WriteLine(rows == 0 ? "[]" : "\n]");
        return CommandLine.Done;
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
