using System.CommandLine;
using Faafo.Cli.Output;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo show UUID</c>: shows all fields of a fractal.</summary>
internal static class ShowCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var uuid = UuidArgument.One();
        return shared.Run(new Command("show", "Show a fractal") { uuid }, async (parsed, context, cancellationToken) =>
        {
            var id = parsed.GetValue(uuid);
            var fractal = await context.Api.FindAsync(id, cancellationToken) ?? throw new FailureException($"there is no fractal {id}");
            if (context.IsJson)
            {
                JsonText.Write(context.Output, fractal, FaafoJson.Default.Fractal);
            }
            else
            {
                WriteTable(context.Output, fractal);
            }
            return CommandLine.Done;
        });
    }

    /// <summary>Writes the rows of the original Faafo (openstack-archive/faafo) in its order, followed by the new ones.</summary>
    public static void WriteTable(TextWriter output, Fractal fractal) => TableWriter.Write(output, ["Parameter", "Value"],
    [
        ["uuid", fractal.Uuid.ToString()],
        ["duration", Cell.Of(fractal.Duration, "F6", " seconds")],
        ["dimensions", Cell.Dimensions(fractal.Width, fractal.Height)],
        ["iterations", Cell.Of(fractal.Iterations)],
        ["xa", Cell.Of(fractal.Xa)],
        ["xb", Cell.Of(fractal.Xb)],
        ["ya", Cell.Of(fractal.Ya)],
        ["yb", Cell.Of(fractal.Yb)],
        ["size", Cell.Of(fractal.Size, unit: " bytes")],
        ["checksum", Cell.Of(fractal.Checksum)],
        ["generated_by", Cell.Of(fractal.GeneratedBy)],
        ["status", Cell.Of(fractal.Status?.ToString().ToLowerInvariant())],
        ["cx", Cell.Of(fractal.Cx)],
        ["cy", Cell.Of(fractal.Cy)],
        ["error", Cell.Of(fractal.Error)],
        ["created_at", Cell.Of(fractal.CreatedAt)],
        ["finished_at", Cell.Of(fractal.FinishedAt)],
    ]);
}
