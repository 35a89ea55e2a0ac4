using System.CommandLine;
using Faafo.Cli.Output;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo show UUID</c>: all that is known of one fractal.</summary>
internal static class ShowCommand
{
    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var uuid = UuidArgument.One();
        return shared.Run(new Command("show", "Show one fractal") { uuid }, async (parsed, session, cancellationToken) =>
        {
            var id = parsed.GetValue(uuid);
            var fractal = await session.Api.FindAsync(id, cancellationToken) ?? throw new FailureException($"there is no fractal {id}");
            if (session.IsJson)
            {
                JsonText.Write(session.Output, fractal, FaafoJson.Default.Fractal);
            }
            else
            {
                WriteTable(session.Output, fractal);
            }
            return 0;
        });
    }

    /// <summary>The original's rows in the original's order, and behind them what is new.</summary>
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
