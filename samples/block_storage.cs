#!/usr/bin/env dotnet
#:project ../Faafo.OpenStack
#:package System.CommandLine

// The guide's chapter on block storage: a disk for the database that outlives its instance.

using System.CommandLine;
using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;

var timeout = TimeSpan.FromMinutes(10);
var cloudName = new Option<string>("--cloud") { Description = "A cloud of clouds.yaml. Default: OS_CLOUD, or the only cloud" };
var imageName = new Option<string>("--image") { Description = "Name or id. Default: the only image" };
var flavorName = new Option<string>("--flavor") { Description = "Name or id. Default: the smallest that fits the image" };
var key = new Option<string>("--key") { Description = "A key pair to log in with. Default: none" };
var networkName = new Option<string>("--network") { Description = "Name or id. Default: the only one" };
var keep = new Option<bool>("--keep") { Description = "Keep everything at the end" };
var command = new RootCommand("A volume for Faafo's database") { cloudName, imageName, flavorName, key, networkName, keep };
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
    var mark = ResourceScope.UserMark("faafo-guide-block-storage");

    // step-1
    Console.WriteLine("step-1: log in");
    await using var cloud = OpenStackClient.FromCloud(options.GetValue(cloudName), options: new() { OnWait = Console.Error.WriteLine });
    await cloud.RequireAsync([ServiceType.BlockStorage, ServiceType.Compute, ServiceType.Image, ServiceType.Network], stop);
    await using var scope = cloud.Scope(mark, options.GetValue(keep), Console.WriteLine);
    await scope.RemoveAsync(stop);

    // step-2
    Console.WriteLine("step-2: a volume of 1 GiB");
    // Ctrl-C cancels waits but never a request that creates something, so that the clean-up finds everything.
    var volume = await cloud.BlockStorage.CreateVolumeAsync(
        new NewVolume(1) { Name = "test", Metadata = new Dictionary<string, string> { [mark] = "yes" } }, CancellationToken.None);
    volume = await cloud.BlockStorage.WaitUntilStatusAsync(volume.Id, VolumeStatus.Available, timeout, stop);
    Console.WriteLine($"{volume.Id} {volume.Name} is {volume.Status}");

    // step-3
    Console.WriteLine("step-3: the volumes");
    await foreach (var one in cloud.BlockStorage.ListVolumesAsync(cancellationToken: stop))
    {
        Console.WriteLine($"{one.Name}: {one.Size} GiB, {one.Status}");
    }

    // step-4
    Console.WriteLine("step-4: an instance for the database");
    var image = await cloud.Images.ChooseImageAsync(options.GetValue(imageName), stop);
    var flavor = await cloud.Compute.ChooseFlavorAsync(options.GetValue(flavorName), image, stop);
    var network = await cloud.Networking.ChooseNetworkAsync(options.GetValue(networkName), cancellationToken: stop);
    var group = await cloud.Networking.CreateSecurityGroupAsync("database", mark, CancellationToken.None);
    await cloud.Networking.AddSecurityGroupRuleAsync(group.Id, Ingress.Tcp(5432), stop);
    var server = await cloud.Compute.CreateServerAsync(
        new("app-database", image.Id, flavor.Id)
        {
            KeyName = options.GetValue(key),
            SecurityGroups = [group.Id],
            Networks = ServerNetworks.Of(network.Id),
            Tags = [mark],
        },
        CancellationToken.None);
    server = await server.WaitUntilActiveAsync(timeout, stop);
    Console.WriteLine($"{server.Name} is {server.Status}");

    // step-5
    Console.WriteLine("step-5: attach the volume to it");
    var attachment = await cloud.Compute.AttachVolumeAsync(server.Id, volume.Id, CancellationToken.None);
    volume = await cloud.BlockStorage.WaitUntilStatusAsync(volume.Id, VolumeStatus.InUse, timeout, stop);
    Console.WriteLine($"{volume.Name} is {volume.Status} as {attachment.Device}");

    // step-6
    Console.WriteLine("step-6: detach the volume");
    await cloud.Compute.DetachVolumeAsync(server.Id, volume.Id, stop);
    volume = await cloud.BlockStorage.WaitUntilStatusAsync(volume.Id, VolumeStatus.Available, timeout, stop);
    Console.WriteLine($"{volume.Name} is {volume.Status}");

    // step-7
    Console.WriteLine("step-7: a snapshot of the volume");
    var snapshot = await cloud.BlockStorage.CreateSnapshotAsync(
        volume.Id, "test_backup_1", new Dictionary<string, string> { [mark] = "yes" }, cancellationToken: CancellationToken.None);
    snapshot = await cloud.BlockStorage.WaitUntilSnapshotAvailableAsync(snapshot.Id, timeout, stop);
    Console.WriteLine($"{snapshot.Name} of {volume.Name} is {snapshot.Status}");

    // step-8
    Console.WriteLine("step-8: delete the snapshot and the volume");
    if (!options.GetValue(keep))
    {
        await cloud.BlockStorage.DeleteSnapshotAsync(snapshot.Id, stop);
        await cloud.BlockStorage.WaitUntilSnapshotDeletedAsync(snapshot.Id, timeout, stop);
        await cloud.BlockStorage.DeleteVolumeAsync(volume.Id, stop);
        await cloud.BlockStorage.WaitUntilDeletedAsync(volume.Id, timeout, stop);
        Console.WriteLine("both are deleted");
    }
}
