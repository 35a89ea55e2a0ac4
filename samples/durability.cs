#!/usr/bin/env dotnet
#:project ../Faafo.Core
#:package System.CommandLine

// The guide's chapter on durability: fractals that outlive the instances, in Swift.

using System.CommandLine;
using System.Security.Cryptography;
using Faafo;
using Faafo.Fractals;
using Faafo.OpenStack;

var timeout = TimeSpan.FromMinutes(10);
var cloudName = new Option<string>("--cloud") { Description = "A cloud of clouds.yaml. Default: OS_CLOUD, or the only cloud" };
var endpoint = new Option<string>("--endpoint-url")
{
    Description = "The API whose fractals are stored",
    DefaultValueFactory = _ => FaafoClient.DefaultEndpoint,
};
var containerName = new Option<string>("--container") { Description = "The container to create", DefaultValueFactory = _ => "fractals" };
var keep = new Option<bool>("--keep") { Description = "Keep everything at the end" };
var command = new RootCommand("Faafo's pictures in the object store") { cloudName, endpoint, containerName, keep };
command.SetAction(RunAsync);
var line = command.Parse(args);
try
{
    var exitCode = await line.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = timeout });
    return line.Errors.Count > 0 ? 2 : exitCode;
}
catch (Exception problem)
when (problem is OpenStackException or OperationCanceledException or FaafoApiException or UriFormatException or IOException)
{
    Console.Error.WriteLine(problem is OperationCanceledException ? "Interrupted." : problem.Message);
    return 1;
}

async Task RunAsync(ParseResult options, CancellationToken stop)
{
    // With a random part of this user: others run the guide in the same project.
    var mark = ResourceScope.UserMark("faafo-guide-durability");

    // step-1
    Console.WriteLine("step-1: log in");
    await using var cloud = OpenStackClient.FromCloud(options.GetValue(cloudName), options: new() { OnWait = Console.Error.WriteLine });
    await cloud.RequireAsync([ServiceType.ObjectStore], stop);
    await using var scope = cloud.Scope(mark, options.GetValue(keep), Console.WriteLine);
    var faafo = FaafoClient.Connect(new Uri(options.GetValue(endpoint)!));
    var swift = cloud.ObjectStorage;

    // step-2
    Console.WriteLine("step-2: a container");
    var container = options.GetValue(containerName)!;
    await CreateContainerAsync(container);

    // Only a container with this user's mark is used and deleted.
    async Task CreateContainerAsync(string name)
    {
        if (await swift.ListContainersAsync(name, stop).AnyAsync(one => one.Name == name, stop)
            && !(await swift.GetContainerAsync(name, stop)).Metadata.Keys.Contains(mark, StringComparer.OrdinalIgnoreCase))
        {
            throw new OpenStackException($"You did not create the container {name} with this guide; name another one with --container.");
        }
        await swift.CreateContainerAsync(name, new Dictionary<string, string> { [mark] = "yes" }, CancellationToken.None);
        scope.Add($"container {name}", token => swift.DeleteContainerWithObjectsAsync(name, token));
    }

    // step-3
    Console.WriteLine("step-3: the containers");
    await foreach (var one in swift.ListContainersAsync(cancellationToken: stop))
    {
        Console.WriteLine($"{one.Name}: {one.Count} objects, {one.Bytes} bytes");
    }

    // step-4
    Console.WriteLine("step-4: upload a file as an object");
    var path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "docs", "images", "faafo.png");
    await using (var file = File.OpenRead(path))
    {
        await swift.UploadObjectAsync(container, "an amazing fractal", file, new() { ContentType = "image/png" }, stop);
    }

    // step-5
    Console.WriteLine("step-5: the objects");
    await ListAsync();

    async Task ListAsync()
    {
        await foreach (var one in swift.ListObjectsAsync(container, cancellationToken: stop))
        {
            Console.WriteLine($"{one.Name}: {one.Bytes} bytes, {one.ContentType}");
        }
    }

    // step-6
    Console.WriteLine("step-6: the object");
    var picture = await swift.GetObjectAsync(container, "an amazing fractal", stop);
    Console.WriteLine($"{picture.Name}: ETag {picture.ETag}");

    // step-7
    Console.WriteLine("step-7: the file has the same MD5");
    var sum = Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, await File.ReadAllBytesAsync(path, stop)));
    Console.WriteLine(sum == picture.ETag ? sum : throw new OpenStackException($"The file's MD5 is {sum}, the object's {picture.ETag}."));

    // step-8
    Console.WriteLine("step-8: delete the object");
    await swift.DeleteObjectAsync(container, picture.Name, stop);

    // step-9
    Console.WriteLine("step-9: the container is empty");
    await ListAsync();

    // step-10
    Console.WriteLine("step-10: the container for the fractals");
    Console.WriteLine($"{container} in {(await cloud.Session.GetEndpointAsync(ServiceType.ObjectStore, stop)).Host}");

    // step-11
    Console.WriteLine("step-11: store every fractal of the API, and compare it");
    var count = 0;
    await foreach (var fractal in faafo.ListAsync(stop))
    {
        if (fractal is not { Status: FractalStatus.Done, Checksum: { } checksum })
        {
            continue;
        }
        var name = $"{fractal.Uuid}.png";
        await swift.UploadObjectAsync(container, name, (target, token) => faafo.CopyImageAsync(fractal.Uuid, target, token),
            new() { ContentType = "image/png" }, stop);
        await using var stored = await swift.DownloadObjectAsync(container, name, cancellationToken: stop);
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(stored.Content, stop));
        Console.WriteLine(found == checksum
            ? $"{name}: {stored.Info.Length} bytes"
            : throw new OpenStackException($"{name} has the checksum {found} instead of {checksum}."));
        count++;
    }
    Console.WriteLine($"{count} fractals are stored");

    // step-12
    Console.WriteLine("step-12: delete the objects and the container");
    await swift.DeleteContainerWithObjectsAsync(container, stop);
    var exists = await swift.ListContainersAsync(container, stop).AnyAsync(one => one.Name == container, stop);
    Console.WriteLine($"{container} {(exists ? "still exists" : "is deleted")}");

    // step-13
    Console.WriteLine("step-13: an object with metadata");
    await CreateContainerAsync(container);
    await using var content = File.OpenRead(path);
    var metadata = new Dictionary<string, string> { ["description"] = "drawn by a worker", ["constant"] = "-0.70176 - 0.3842i" };
    await swift.UploadObjectAsync(container, "backup.png", content, new() { ContentType = "image/png", Metadata = metadata }, stop);
    foreach (var (name, value) in (await swift.GetObjectAsync(container, "backup.png", stop)).Metadata.OrderBy(one => one.Key))
    {
        Console.WriteLine($"{name.ToLowerInvariant()}: {value}");
    }

    // step-14
    Console.WriteLine("step-14: a large object, in segments");
    content.Position = 0;
    await CreateContainerAsync(container + "_segments");
    var large = await swift.UploadLargeObjectAsync(container, "large.png", content, segmentBytes: 16 * 1024, cancellationToken: stop);
    var segments = await swift.ListObjectsAsync(container + "_segments", cancellationToken: stop).CountAsync(stop);
    await using var whole = await swift.DownloadObjectAsync(container, large.Name, cancellationToken: stop);
    var wholeSum = Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(HashAlgorithmName.MD5, whole.Content, stop));
    Console.WriteLine(wholeSum == sum
        ? $"{large.Length} bytes in {segments} segments, read back as one"
        : throw new OpenStackException("The segments do not add up to the file."));
}
