using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// The programs that instances run: one .tar.gz with the folders faafo-api and faafo-worker. Both are self-contained, so an image needs
/// only the native libraries of .NET.
/// </summary>
internal static class Bundle
{
    /// <summary>The default name of a bundle.</summary>
    public const string DefaultFile = "faafo-bundle.tar.gz";

    private static readonly (string Project, string Program)[] Programs = [("Faafo.Api", "faafo-api"), ("Faafo.Worker", "faafo-worker")];

    /// <summary>Stores the given bundle; without one keeps the stored bundle, or builds a first one.</summary>
    public static async Task EnsureAsync(OpenStackClient cloud, ResourceNames names, string? file, string stateDir,
        Action<string> progress, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            if (await StoredBundle.FindAsync(cloud, names, cancellationToken) is { } selected
                && await selected.ExistsAsync(cloud, names, cancellationToken))
            {
                return;
            }
            file = Path.Combine(stateDir, DefaultFile);
            await BuildAsync(file, progress, cancellationToken);
        }
        var stored = await StoreAsync(cloud, names, file, cancellationToken);
        progress($"+ bundle {stored.Object} in container {names.Container}");
    }

    /// <summary>Builds a bundle from the sources of this program, with its checksum in <c>FILE.sha256</c>.</summary>
    /// <returns>The checksum.</returns>
    /// <exception cref="FailureException">The sources are not on this machine, or cannot be built.</exception>
    public static async Task<string> BuildAsync(string file, Action<string> progress, CancellationToken cancellationToken)
    {
        var sources = FindSources();
        var work = Directory.CreateTempSubdirectory("faafo-bundle-").FullName;
        try
        {
            var programs = Path.Combine(work, "programs");
            foreach (var (project, program) in Programs)
            {
                progress($"Publishing {project}");
                await PublishAsync(
                    Path.Combine(sources, project), Path.Combine(programs, program), Path.Combine(work, "artifacts"), cancellationToken);
            }
            foreach (var documentation in Directory.GetFiles(programs, "*.xml", SearchOption.AllDirectories))
            {
                File.Delete(documentation);
            }
            progress($"Packing {file}");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await using (var target = File.Create(file + ".new"))
            await using (var packed = new GZipStream(target, CompressionLevel.Optimal))
            {
                await TarFile.CreateFromDirectoryAsync(programs, packed, includeBaseDirectory: false, cancellationToken);
            }
            File.Move(file + ".new", file, overwrite: true);
            var sum = await ChecksumAsync(file, cancellationToken);
            await File.WriteAllTextAsync(file + ".sha256", $"{sum}  {Path.GetFileName(file)}\n", cancellationToken);
            return sum;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Stores a bundle in the flock's container if it is not there, and selects it for new instances.</summary>
    public static async Task<StoredBundle> StoreAsync(
        OpenStackClient cloud, ResourceNames names, string file, CancellationToken cancellationToken)
    {
        var sum = await ChecksumAsync(file, cancellationToken);
        var bundle = new StoredBundle(StoredBundle.NameOf(sum), sum);
        try
        {
            await using var content = File.OpenRead(file);
            var options = new UploadOptions
            {
                OnlyIfNew = true,
                ContentType = "application/gzip",
                Metadata = names.ObjectMetadata,
            };
            await cloud.ObjectStorage.UploadObjectAsync(names.Container, bundle.Object, content, options, cancellationToken);
        }
        catch (ConflictException)
        {
            // An earlier run stored the same programs, unless the object is someone else's.
            if (!names.Owns(await cloud.ObjectStorage.GetObjectAsync(names.Container, bundle.Object, cancellationToken)))
            {
                throw new FailureException($"the object {names.Container}/{bundle.Object} exists and does not belong to the flock "
                    + $"'{names.Flock}': delete or rename it, and run 'up' again");
            }
        }
        await bundle.SelectAsync(cloud, names, cancellationToken);
        return bundle;
    }

    private static async Task<string> ChecksumAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = File.OpenRead(file);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        }
        catch (IOException e)
        {
            throw new FailureException($"cannot read the bundle: {e.Message}", e);
        }
    }

    private static string FindSources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Faafo.sln")))
            {
                return folder.FullName;
            }
        }
        throw new FailureException($"cannot build a bundle: there are no sources of Faafo above {AppContext.BaseDirectory}; build it in a "
            + "checkout ('dotnet run --project Faafo.Scaler -- bundle') and give it with --bundle FILE");
    }

    private static async Task PublishAsync(string project, string target, string artifacts, CancellationToken cancellationToken)
    {
        string[] arguments = ["publish", project, "--configuration", "Release", "--runtime", "linux-x64", "--nologo",
            "--output", target, "-p:FaafoInstall=true", "-p:DebugType=none", $"-p:ArtifactsPath={artifacts}/"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A build server that outlives the build would keep files of the deleted folder open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var publish = Process.Start(start)
            ?? throw new FailureException("cannot start dotnet: is the .NET SDK installed and on the PATH?");
        try
        {
            var output = publish.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = publish.StandardError.ReadToEndAsync(cancellationToken);
            await publish.WaitForExitAsync(cancellationToken);
            if (publish.ExitCode != 0)
            {
                throw new FailureException($"cannot publish {Path.GetFileName(project)}:\n{await output}{await errors}");
            }
        }
        catch (OperationCanceledException)
        {
            publish.Kill(entireProcessTree: true);
            throw;
        }
    }
}
