using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// The programs that instances run: one .tar.gz with the folders faafo-api and faafo-worker, each with what it uses of the .NET runtime
/// in it, so that an image needs nothing but what a .NET program links to.
/// </summary>
internal static class Bundle
{
    /// <summary>The name of a bundle that was given no other.</summary>
    public const string DefaultFile = "faafo-bundle.tar.gz";

    private static readonly (string Project, string Program)[] Programs = [("Faafo.Api", "faafo-api"), ("Faafo.Worker", "faafo-worker")];

    /// <summary>Builds a bundle from the sources that this program was built from, and beside it <c>FILE.sha256</c>.</summary>
    /// <returns>Its checksum.</returns>
    /// <exception cref="FailureException">There are no sources here, or they cannot be built.</exception>
    public static async Task<string> BuildAsync(string file, Action<string> progress, CancellationToken cancellationToken)
    {
        var sources = Sources();
        var work = Directory.CreateTempSubdirectory("faafo-bundle-").FullName;
        try
        {
            var programs = Path.Combine(work, "programs");
            foreach (var (project, program) in Programs)
            {
                progress($"Publishing {project}");
                await PublishAsync(Path.Combine(sources, project), Path.Combine(programs, program), Path.Combine(work, "artifacts"), cancellationToken);
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

    /// <summary>Stores a bundle in the flock's container, unless it is there, and makes it the one that new instances get.</summary>
    public static async Task<StoredBundle> StoreAsync(OpenStackClient cloud, ResourceNames names, string file, CancellationToken cancellationToken)
    {
        var sum = await ChecksumAsync(file, cancellationToken);
        var bundle = new StoredBundle($"bundle-{sum[..16]}.tar.gz", sum);
        try
        {
            await using var content = File.OpenRead(file);
            await cloud.ObjectStorage.UploadAsync(names.Container, bundle.Object, content,
                new UploadOptions { OnlyIfNew = true, ContentType = "application/gzip" }, cancellationToken);
        }
        catch (ConflictException)
        {
            // The same programs, from an earlier run.
        }
        using var pointer = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(bundle, BundleJson.Default.StoredBundle));
        await cloud.ObjectStorage.UploadAsync(names.Container, "bundle.json", pointer, cancellationToken: cancellationToken);
        return bundle;
    }

    /// <summary>The bundle that new instances get; null when none was stored.</summary>
    public static async Task<StoredBundle?> FindAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        try
        {
            await using var pointer = await cloud.ObjectStorage.DownloadAsync(names.Container, "bundle.json", cancellationToken: cancellationToken);
            return await JsonSerializer.DeserializeAsync(pointer.Content, BundleJson.Default.StoredBundle, cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
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
            throw new FailureException($"the bundle cannot be read: {e.Message}", e);
        }
    }

    private static string Sources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Faafo.sln")))
            {
                return folder.FullName;
            }
        }
        throw new FailureException("a bundle is built from Faafo's sources, and this program is not among them: "
            + "build it where they are ('dotnet run --project Faafo.Scaler -- bundle'), and name it with --bundle FILE");
    }

    private static async Task PublishAsync(string project, string target, string artifacts, CancellationToken cancellationToken)
    {
        string[] arguments = ["publish", project, "--configuration", "Release", "--runtime", "linux-x64", "--nologo",
            "--output", target, "-p:FaafoInstall=true", "-p:DebugType=none", $"-p:ArtifactsPath={artifacts}/"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A build server that outlives the build would hold files of a folder that is deleted.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var publish = Process.Start(start) ?? throw new FailureException("dotnet cannot be started");
        try
        {
            var output = publish.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = publish.StandardError.ReadToEndAsync(cancellationToken);
            await publish.WaitForExitAsync(cancellationToken);
            if (publish.ExitCode != 0)
            {
                throw new FailureException($"{Path.GetFileName(project)} cannot be published:\n{await output}{await errors}");
            }
        }
        catch (OperationCanceledException)
        {
            publish.Kill(entireProcessTree: true);
            throw;
        }
    }
}
