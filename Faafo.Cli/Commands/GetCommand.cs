using System.CommandLine;
using System.Security.Cryptography;
using Faafo.Cli.Output;
using Faafo.Fractals;
using Faafo.OpenStack;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo get UUID</c>: downloads a picture and verifies its checksum.</summary>
internal static class GetCommand
{
    private const string Stdout = "-";
    private const int Attempts = 6;
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var uuid = UuidArgument.One();
        var file = ProgramOption.OptionalText("--file", "File to write, or - for stdout; UUID.png if not given");
        file.Aliases.Add("-o");
        var force = ProgramOption.Switch("--force", "Replace the file if it exists");
        var command = new Command("get", "Download the picture of a fractal") { uuid, file, force };
        return shared.Run(command, (parsed, context, cancellationToken) =>
            RunAsync(parsed.GetValue(uuid), parsed.GetValue(file), parsed.GetValue(force), context, cancellationToken));
    }

    private static async Task<int> RunAsync(
        Guid uuid, string? file, bool replace, CommandContext context, CancellationToken cancellationToken)
    {
        var fractal = await context.Api.FindAsync(uuid, cancellationToken) ?? throw new FailureException($"there is no fractal {uuid}");
        if (file is Stdout)
        {
            await PrintAsync(context, fractal, cancellationToken);
            return CommandLine.Done;
        }
        var path = file ?? $"{uuid}.png";
        await SaveAsync(context, fractal, path, replace, cancellationToken);
        context.Error.WriteLine($"{path}: {Cell.Dimensions(fractal.Width, fractal.Height)}, {Cell.Of(fractal.Size, unit: " bytes")}");
        return CommandLine.Done;
    }

    /// <summary>Downloads and verifies before it writes to stdout, so that no reader gets a damaged picture.</summary>
    private static async Task PrintAsync(CommandContext context, Fractal fractal, CancellationToken cancellationToken)
    {
        await using var verified = new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        await CopyAsync(context, fractal, verified, cancellationToken);
        verified.Position = 0;
        await verified.CopyToAsync(context.Terminal.Bytes, cancellationToken);
    }

    /// <summary>Downloads to a temporary file beside the target and renames it, so that no reader sees half a picture.</summary>
    private static async Task SaveAsync(
        CommandContext context, Fractal fractal, string path, bool replace, CancellationToken cancellationToken)
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
                await CopyAsync(context, fractal, destination, cancellationToken);
            }
            File.Move(temporary, path, replace);
        }
        finally
        {
            File.Delete(temporary);     // does nothing after the rename
        }
    }

    /// <summary>
    /// Downloads and verifies. An API that fails during a download is usually one of several behind a load balancer, so the whole picture
    /// is requested again over a new connection.
    /// </summary>
    private static async Task CopyAsync(
        CommandContext context, Fractal fractal, FileStream destination, CancellationToken cancellationToken)
    {
        if (fractal.Checksum is null)
        {
            throw new FailureException(fractal.Status == FractalStatus.Failed
                ? $"fractal {fractal.Uuid} failed: {fractal.Error}"
                : $"fractal {fractal.Uuid} is not rendered yet: {fractal.Status?.ToString().ToLowerInvariant() ?? "it has no picture"}");
        }
        var checksum = await DownloadWithRetriesAsync(context, fractal, destination, cancellationToken);
        if (!checksum.Equals(fractal.Checksum, StringComparison.OrdinalIgnoreCase))
        {
            throw new FailureException(
                $"the picture of fractal {fractal.Uuid} is damaged: its checksum is {checksum}, not {fractal.Checksum}");
        }
    }

    private static async Task<string> DownloadWithRetriesAsync(
        CommandContext context, Fractal fractal, FileStream destination, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await DownloadAsync(context.Api, fractal, destination, cancellationToken);
            }
            catch (FaafoApiException e) when (e.IsTransient && attempt < Attempts)
            {
                destination.SetLength(0);
                await Task.Delay(Backoff.After(attempt), context.Time, cancellationToken);
            }
        }
    }

    private static async Task<string> DownloadAsync(
        IFaafoApi api, Fractal fractal, FileStream destination, CancellationToken cancellationToken)
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
