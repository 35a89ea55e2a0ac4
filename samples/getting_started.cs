#!/usr/bin/env dotnet
#:project ../Faafo.OpenStack
#:package System.CommandLine

// The guide's first chapter: from a login to Faafo on one public instance.

using System.CommandLine;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;

var timeout = TimeSpan.FromMinutes(10);
var cloudName = new Option<string>("--cloud") { Description = "A cloud of clouds.yaml. Default: OS_CLOUD, or the only cloud" };
var imageName = new Option<string>("--image") { Description = "Name or id. Default: the only image" };
var flavorName = new Option<string>("--flavor") { Description = "Name or id. Default: the smallest that fits the image" };
var keyName = new Option<string>("--key") { Description = "The key pair", DefaultValueFactory = _ => "demokey" };
var keyFile = new Option<FileInfo>("--key-file")
{
    Description = "The public key to import if the key pair does not exist. Default: the first in ~/.ssh",
};
var networkName = new Option<string>("--network") { Description = "Name or id. Default: the only one" };
var bundle = new Option<string>("--bundle")
{
    Description = "URL of the programs' archive. Default: none, and the instance runs no programs",
};
var keep = new Option<bool>("--keep") { Description = "Keep everything at the end" };
var command = new RootCommand("Faafo on one instance") { cloudName, imageName, flavorName, keyName, keyFile, networkName, bundle, keep };
command.SetAction(RunAsync);
var line = command.Parse(args);
try
{
    var exitCode = await line.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = timeout });
    return line.Errors.Count > 0 ? 2 : exitCode;
}
catch (Exception problem) when (problem is OpenStackException or OperationCanceledException or IOException)
{
    Console.Error.WriteLine(problem is OperationCanceledException ? "Interrupted." : problem.Message);
    return 1;
}

async Task RunAsync(ParseResult options, CancellationToken stop)
{
    // With a random part of this user: others run the guide in the same project.
    var mark = ResourceScope.UserMark("faafo-guide-getting-started");

    // step-1
    Console.WriteLine("step-1: log in");
    await using var cloud = OpenStackClient.FromCloud(options.GetValue(cloudName), options: new() { OnWait = Console.Error.WriteLine });
    await cloud.RequireAsync([ServiceType.Compute, ServiceType.Image, ServiceType.Network], stop);
    await using var scope = cloud.Scope(mark, options.GetValue(keep), Console.WriteLine);

    // step-2
    Console.WriteLine("step-2: the images");
    await foreach (var one in cloud.Images.ListImagesAsync(cancellationToken: stop))
    {
        Console.WriteLine($"{one.Id} {one.Name}");
    }

    // step-3
    Console.WriteLine("step-3: the flavors");
    await foreach (var one in cloud.Compute.ListFlavorsAsync(stop))
    {
        Console.WriteLine($"{one.Id} {one.Name}: {one.Vcpus} cpu, {one.Ram} MiB of memory, {one.Disk} GiB of disk");
    }

    // step-4
    Console.WriteLine("step-4: the image to boot");
    var image = await cloud.Images.ChooseImageAsync(options.GetValue(imageName), stop);
    Console.WriteLine(image.Name);

    // step-5
    Console.WriteLine("step-5: the flavor to boot it in");
    var flavor = await cloud.Compute.ChooseFlavorAsync(options.GetValue(flavorName), image, stop);
    Console.WriteLine(flavor.Name);

    // step-6
    Console.WriteLine("step-6: a first instance");
    // Ctrl-C cancels waits but never a request that creates something, so that the clean-up finds everything.
    var network = await cloud.Networking.ChooseNetworkAsync(options.GetValue(networkName), cancellationToken: stop);
    var testing = await cloud.Compute.CreateServerAsync(
        new("testing", image.Id, flavor.Id) { Networks = ServerNetworks.Of(network.Id), Tags = [mark] }, CancellationToken.None);
    testing = await testing.WaitUntilActiveAsync(timeout, stop);
    Console.WriteLine($"{testing.Id} {testing.Name} is {testing.Status}");

    // step-7
    Console.WriteLine("step-7: the instances");
    await foreach (var one in cloud.Compute.ListServersAsync(cancellationToken: stop))
    {
        Console.WriteLine($"{one.Name} {one.Status} {string.Join(' ', one.FixedAddresses)}");
    }

    // step-8
    Console.WriteLine("step-8: delete the first instance");
    await cloud.Compute.DeleteServerAsync(testing.Id, stop);
    await testing.WaitUntilDeletedAsync(timeout, stop);

    // step-9
    Console.WriteLine("step-9: a key pair");
    var key = options.GetValue(keyName)!;
    var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh");
    var file = options.GetValue(keyFile)?.FullName
        ?? (Directory.Exists(folder) ? Directory.GetFiles(folder, "*.pub").FirstOrDefault() : null);
    if (await cloud.Compute.ListKeyPairsAsync(stop).AnyAsync(pair => pair.Name == key, stop))
    {
        Console.WriteLine($"{key} exists already");
    }
    else
    {
        var text = await File.ReadAllTextAsync(file
            ?? throw new IOException($"There is no public key in {folder}; create one with ssh-keygen, or name one with --key-file."),
            stop);
        await cloud.Compute.ImportKeyPairAsync(key, text, CancellationToken.None);
        scope.Add($"key pair {key}", token => cloud.Compute.DeleteKeyPairAsync(key, token));
        Console.WriteLine($"{key} is imported from {Path.GetFileName(file)}");
    }

    // step-10
    Console.WriteLine("step-10: a security group that admits HTTP and SSH");
    var group = await cloud.Networking.ListSecurityGroupsAsync("all-in-one", cancellationToken: stop)
        .FirstOrDefaultAsync(one => one.Description == mark, stop)
        ?? await cloud.Networking.CreateSecurityGroupAsync("all-in-one", mark, CancellationToken.None);
    await cloud.Networking.AddSecurityGroupRuleAsync(group.Id, Ingress.Tcp(80), stop);
    await cloud.Networking.AddSecurityGroupRuleAsync(group.Id, Ingress.Tcp(22), stop);
    Console.WriteLine($"{group.Name} {group.Id}");

    // step-11
    Console.WriteLine("step-11: what the instance does at its first boot");
    var programs = options.GetValue(bundle) is { } url ? $"-b {url}" : "";
    var script = await File.ReadAllTextAsync(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "install.sh"), stop);
    var userData = UserData.Script($"#!/bin/sh\nset -- -i messaging -p {Guid.NewGuid():N} -r api -r worker -r demo {programs}\n{script}");

    // step-12
    Console.WriteLine("step-12: the instance of Faafo");
    var server = await cloud.Compute.ListServersAsync(new() { Name = "all-in-one", Tags = [mark] }, stop).FirstOrDefaultAsync(stop)
        ?? await cloud.Compute.CreateServerAsync(new("all-in-one", image.Id, flavor.Id)
        {
            KeyName = key,
            SecurityGroups = [group.Id],
            Networks = ServerNetworks.Of(network.Id),
            UserData = userData,
            Tags = [mark],
        }, CancellationToken.None);
    server = await server.WaitUntilActiveAsync(timeout, stop);
    Console.WriteLine($"{server.Id} {server.Name} is {server.Status}");

    // step-13
    Console.WriteLine("step-13: its private address");
    var privateAddress = server.FixedAddresses.First();
    Console.WriteLine(privateAddress);

    // step-14
    Console.WriteLine("step-14: its public address");
    var publicAddress = server.FloatingAddresses.FirstOrDefault();
    Console.WriteLine(publicAddress ?? "none yet");

    // step-15
    Console.WriteLine("step-15: unused floating IPs, and the pool for a new one");
    var unused = await cloud.Networking.ListFloatingIPsAsync(cancellationToken: stop).Where(one => one.PortId is null).ToListAsync(stop);
    var pool = await cloud.Networking.ListNetworksAsync(external: true, cancellationToken: stop).FirstOrDefaultAsync(stop);
    Console.WriteLine($"{unused.Count} unused; the pool is {pool?.Name ?? "missing"}");

    // step-16
    Console.WriteLine("step-16: a floating IP for the instance");
    if (publicAddress is null && pool is not null)
    {
        publicAddress = (await cloud.Networking.AttachFloatingIPAsync(server.Id, pool.Id, mark, CancellationToken.None)).Address;
    }
    Console.WriteLine(publicAddress ?? "no public address");

    // step-17
    Console.WriteLine("step-17: where Faafo will be");
    Console.WriteLine($"http://{publicAddress ?? privateAddress}/");
}
