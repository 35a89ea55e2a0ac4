#!/usr/bin/env dotnet
#:project ../Faafo.OpenStack
#:package System.CommandLine

// The guide's second chapter: the parts of the first one, and the same application on two instances.

using System.CommandLine;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;

var timeout = TimeSpan.FromMinutes(10);
var cloudName = new Option<string>("--cloud") { Description = "A cloud of clouds.yaml. Default: OS_CLOUD, or the only cloud" };
var imageName = new Option<string>("--image") { Description = "Name or id. Default: the only image" };
var flavorName = new Option<string>("--flavor") { Description = "Name or id. Default: the smallest that fits the image" };
var key = new Option<string>("--key") { Description = "A key pair to log in with. Default: none" };
var networkName = new Option<string>("--network") { Description = "Name or id. Default: the only one" };
var bundle = new Option<string>("--bundle")
{
    Description = "URL of the programs' archive. Default: none, and the instances run no programs",
};
var keep = new Option<bool>("--keep") { Description = "Keep everything at the end" };
var command = new RootCommand(
    "The pieces of Faafo, and the first step apart") { cloudName, imageName, flavorName, key, networkName, bundle, keep };
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
    var mark = ResourceScope.UserMark("faafo-guide-introduction");

    await using var cloud = OpenStackClient.FromCloud(options.GetValue(cloudName), options: new() { OnWait = Console.Error.WriteLine });
    await cloud.RequireAsync([ServiceType.Compute, ServiceType.Image, ServiceType.Network], stop);
    await using var scope = cloud.Scope(mark, options.GetValue(keep), Console.WriteLine);
    await scope.RemoveAsync(stop);
    var image = await cloud.Images.ChooseImageAsync(options.GetValue(imageName), stop);
    var flavor = await cloud.Compute.ChooseFlavorAsync(options.GetValue(flavorName), image, stop);
    var network = await cloud.Networking.ChooseNetworkAsync(options.GetValue(networkName), cancellationToken: stop);
    var instance = new NewServer("", image.Id, flavor.Id)
    {
        KeyName = options.GetValue(key),
        Networks = ServerNetworks.Of(network.Id),
        Tags = [mark],
    };
    var script = await File.ReadAllTextAsync(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "install.sh"), stop);
    var programs = options.GetValue(bundle) is { } url ? $"-b {url}" : "";
    var password = Guid.NewGuid().ToString("N");

    // step-1
    Console.WriteLine("step-1: everything on one instance");
    // Ctrl-C cancels waits but never a request that creates something, so that the clean-up finds everything.
    var allInOne = await cloud.Compute.CreateServerAsync(
        instance with { Name = "all-in-one", UserData = Install($"-i messaging -p {password} -r api -r worker -r demo") },
        CancellationToken.None);
    allInOne = await allInOne.WaitUntilActiveAsync(timeout, stop);
    Console.WriteLine($"{allInOne.Name} is {allInOne.Status}");

    // step-2
    Console.WriteLine("step-2: what the instance does at its first boot");
    UserData Install(string arguments) => UserData.Script($"#!/bin/sh\nset -- {arguments} {programs}\n{script}");
    Console.WriteLine("install.sh: -i installs services, -r starts the programs of a role, -e and -m name the API and the queue");

    // step-3
    Console.WriteLine("step-3: a security group");
    var group = await cloud.Networking.CreateSecurityGroupAsync("all-in-one", mark, CancellationToken.None);
    await cloud.Networking.AddSecurityGroupRuleAsync(group.Id, Ingress.Tcp(80), stop);
    await cloud.Networking.AddSecurityGroupRuleAsync(group.Id, Ingress.Tcp(22), stop);
    await cloud.Compute.AddSecurityGroupAsync(allInOne.Id, group.Id, stop);

    // step-4
    Console.WriteLine("step-4: the security groups");
    await foreach (var one in cloud.Networking.ListSecurityGroupsAsync(cancellationToken: stop).OrderBy(one => one.Name))
    {
        var ports = one.Rules.Where(rule => rule.Direction == RuleDirection.Ingress && rule.PortRangeMin is not null)
            .Select(rule => rule.PortRangeMin).Order();
        Console.WriteLine($"{one.Name} admits: {string.Join(' ', ports)}");
    }

    // step-5
    Console.WriteLine("step-5: delete a rule and a group");
    var spare = await cloud.Networking.CreateSecurityGroupAsync("spare", mark, CancellationToken.None);
    await cloud.Networking.AddSecurityGroupRuleAsync(spare.Id, Ingress.Tcp(8080), stop);
    spare = await cloud.Networking.GetSecurityGroupAsync(spare.Id, stop);
    await cloud.Networking.DeleteSecurityGroupRuleAsync(spare.Rules.First(rule => rule.PortRangeMin == 8080).Id, stop);
    await cloud.Networking.DeleteSecurityGroupAsync(spare.Id, cancellationToken: stop);
    Console.WriteLine($"{spare.Name} and its rule for port 8080 are deleted");

    // step-6
    Console.WriteLine("step-6: the instance's security groups");
    allInOne = await cloud.Compute.GetServerAsync(allInOne.Id, stop);
    Console.WriteLine(string.Join(' ', allInOne.SecurityGroups.Select(one => one.Name).Order()));

    // step-7
    Console.WriteLine("step-7: an unused floating IP");
    var unused = await cloud.Networking.ListFloatingIPsAsync(cancellationToken: stop).FirstOrDefaultAsync(one => one.PortId is null, stop);
    Console.WriteLine(unused?.Address ?? "there is none");

    // step-8
    Console.WriteLine("step-8: the pool of floating IPs");
    var pool = await cloud.Networking.ListNetworksAsync(external: true, cancellationToken: stop).FirstAsync(stop);
    Console.WriteLine(pool.Name);

    // step-9
    Console.WriteLine("step-9: a floating IP from the pool");
    unused ??= await cloud.Networking.AllocateFloatingIPAsync(pool.Id, description: mark, cancellationToken: CancellationToken.None);
    Console.WriteLine(unused.Address);

    // step-10
    Console.WriteLine("step-10: attach it to the instance");
    var address = await cloud.Networking.AttachFloatingIPAsync(allInOne.Id, pool.Id, mark, CancellationToken.None);
    Console.WriteLine($"{address.Address} leads to {address.FixedIpAddress}");

    // step-11
    Console.WriteLine("step-11: the API and the queue on an instance of their own");
    var workers = await cloud.Networking.CreateSecurityGroupAsync("worker", mark, CancellationToken.None);
    await cloud.Networking.AddSecurityGroupRuleAsync(workers.Id, Ingress.Tcp(22), stop);
    var control = await cloud.Networking.CreateSecurityGroupAsync("control", mark, CancellationToken.None);
    foreach (var rule in new[] { Ingress.Tcp(22), Ingress.Tcp(80), Ingress.Tcp(5672).From(workers) })
    {
        await cloud.Networking.AddSecurityGroupRuleAsync(control.Id, rule, stop);
    }
    var controller = await cloud.Compute.CreateServerAsync(
        instance with { Name = "app-controller", SecurityGroups = [control.Id], UserData = Install($"-i messaging -p {password} -r api") },
        CancellationToken.None);
    controller = await controller.WaitUntilActiveAsync(timeout, stop);
    address = await cloud.Networking.AttachFloatingIPAsync(controller.Id, pool.Id, mark, CancellationToken.None);
    Console.WriteLine($"the API will be at http://{address.Address}/");

    // step-12
    Console.WriteLine("step-12: a worker that knows the controller");
    var controllerIP = controller.FixedAddresses.First();
    var worker = await cloud.Compute.CreateServerAsync(
        instance with
        {
            Name = "app-worker-1",
            SecurityGroups = [workers.Id],
            UserData = Install($"-r worker -e http://{controllerIP} -m amqp://faafo:{password}@{controllerIP}:5672/"),
        },
        CancellationToken.None);
    worker = await worker.WaitUntilActiveAsync(timeout, stop);
    address = await cloud.Networking.AttachFloatingIPAsync(worker.Id, pool.Id, mark, CancellationToken.None);
    Console.WriteLine($"SSH to the worker will be at {address.Address}");

    // step-13
    Console.WriteLine("step-13: the worker's private address");
    Console.WriteLine(worker.FixedAddresses.First());
}
