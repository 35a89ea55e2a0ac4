using System.CommandLine;
using System.Globalization;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo delete UUID...</c>: deletes fractals and their pictures.</summary>
internal static class DeleteCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var uuids = UuidArgument.Many();
        var command = new Command("delete", "Delete fractals and their pictures") { uuids };
        return shared.Run(command, (parsed, context, cancellationToken) => RunAsync(parsed.GetValue(uuids)!, context, cancellationToken));
    }

    private static async Task<int> RunAsync(Guid[] uuids, CommandContext context, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var uuid in uuids)
        {
            if (await context.Api.DeleteAsync(uuid, cancellationToken))
            {
                deleted++;
            }
            else
            {
                context.Error.WriteLine($"there is no fractal {uuid}");
            }
        }
        if (deleted > 0)
        {
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{deleted} deleted"));
        }
        return deleted == uuids.Length ? CommandLine.Done : CommandLine.Failed;
    }
}
