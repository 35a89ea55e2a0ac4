using System.CommandLine;
using System.Security.Cryptography;
using Faafo.Cli.Output;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo get UUID</c>: downloads a picture and checks it against its checksum.</summary>
internal static class GetCommand
{
    private const string Stdout = "-";
    private const int Attempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var uuid = UuidArgument.One();
        var file = ProgramOption.OptionalText("--file", "Where the picture goes: a file, or - for stdout; UUID.png if not given");
        file.Aliases.Add("-o");
        var force = ProgramOption.Switch("--force", "Replace the file if it exists");
        return shared.Run(new Command("get", "Download the picture of one fractal") { uuid, file, force },
            async (parsed, session, cancellationToken) =>
            {
                var id = parsed.GetValue(uuid);
                var fractal = await session.Api.FindAsync(id, cancellationToken) ?? throw new FailureException($"there is no fractal {id}");
                if (parsed.GetValue(file) is Stdout)
                {
                    await PrintAsync(session, fractal, cancellationToken);
                    return 0;
                }
                var path = parsed.GetValue(file) ?? $"{id}.png";
                await SaveAsync(session, fractal, path, parsed.GetValue(force), cancellationToken);
                session.Error.WriteLine($"{path}: {Cell.Dimensions(fractal.Width, fractal.Height)}, {Cell.Of(fractal.Size, unit: " bytes")}");
                return 0;
            });
    }

    /// <summary>Downloads, checks, and only then writes to stdout: what reads there must not get a damaged picture.</summary>
    private static async Task PrintAsync(CommandContext session, Fractal fractal, CancellationToken cancellationToken)
    {
        await using var checkedFirst = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose);
        await CopyAsync(session, fractal, checkedFirst, cancellationToken);
        checkedFirst.Position = 0;
        await checkedFirst.CopyToAsync(session.Terminal.Bytes, cancellationToken);
    }

    /// <summary>Downloads beside the file and renames, so that nobody meets half a picture.</summary>
    private static async Task SaveAsync(CommandContext session, Fractal fractal, string path, bool replace, CancellationToken cancellationToken)
    {
        if (!replace && Path.Exists(path))
        {
            throw new FailureException($"{path} exists already: give --force to replace it");
        }
        if (Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw new FailureException($"{path} is a device and would be replaced by a file: give -o - and redirect stdout");
        }
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var destination = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await CopyAsync(session, fractal, destination, cancellationToken);
            }
            File.Move(temporary, path, replace);
        }
        finally
        {
            File.Delete(temporary);     // gone already when all went well
        }
    }

    /// <summary>
    /// Downloads and checks. An API that dies underway is one of several behind a balancer, more often than not: the next connection leads
    /// to another, which is asked for the whole picture again.
    /// </summary>
    private static async Task CopyAsync(CommandContext session, Fractal fractal, FileStream destination, CancellationToken cancellationToken)
    {
        if (fractal.Checksum is null)
        {
            throw new FailureException(fractal.Status == FractalStatus.Failed
                ? $"fractal {fractal.Uuid} failed: {fractal.Error}"
                : $"fractal {fractal.Uuid} is not drawn yet: {fractal.Status?.ToString().ToLowerInvariant() ?? "it has no picture"}");
        }
        string checksum;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                checksum = await DownloadAsync(session.Api, fractal, destination, cancellationToken);
                break;
            }
            catch (FaafoApiException e) when (e.IsTransient && attempt < Attempts)
            {
                destination.SetLength(0);
                await Task.Delay(FirstPause * (1 << (attempt - 1)), session.Time, cancellationToken);
            }
        }
        if (!checksum.Equals(fractal.Checksum, StringComparison.OrdinalIgnoreCase))
        {
            throw new FailureException($"the picture of fractal {fractal.Uuid} is damaged: its checksum is {checksum}, not {fractal.Checksum}");
        }
    }

    private static async Task<string> DownloadAsync(IFaafoApi api, Fractal fractal, FileStream destination, CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        await using (var hashing = new CryptoStream(destination, sha256, CryptoStreamMode.Write, leaveOpen: true))
        {
            if (!await api.CopyImageAsync(fractal.Uuid, hashing, cancellationToken))
            {
                throw new FailureException($"the picture of fractal {fractal.Uuid} is not in the image store");
            }
        }
        return Convert.ToHexStringLower(sha256.Hash!);
    }
}
