using System.CommandLine;
using System.Globalization;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo delete UUID...</c>: deletes fractals and their pictures.</summary>
internal static class DeleteCommand
{
    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var uuids = UuidArgument.Many();
        return shared.Run(new Command("delete", "Delete fractals and their pictures") { uuids }, async (parsed, session, cancellationToken) =>
        {
            var (deleted, missing) = (0, 0);
            foreach (var uuid in parsed.GetValue(uuids)!)
            {
                if (await session.Api.DeleteAsync(uuid, cancellationToken))
                {
                    deleted++;
                }
                else
                {
                    missing++;
                    session.Error.WriteLine($"there is no fractal {uuid}");
                }
            }
            if (deleted > 0)
            {
                session.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{deleted} deleted"));
            }
            return missing == 0 ? CommandLine.Done : CommandLine.Failed;
        });
    }
}
