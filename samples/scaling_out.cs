#!/usr/bin/env dotnet
#:project ../Faafo.OpenStack
#:package System.CommandLine

// The guide's third chapter: two APIs and three workers, with the services that they share on their own instance.

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
var externalName = new Option<string>("--external-network")
{
    Description = "Name or id of the external network for floating IPs. Default: the only one",
};
var bundle = new Option<string>("--bundle")
{
    Description = "URL of the programs' archive. Default: none, and the instances run no programs",
};
var keep = new Option<bool>("--keep") { Description = "Keep everything at the end" };
var command = new RootCommand("Faafo on six instances") { cloudName, imageName, flavorName, key, networkName, externalName, bundle, keep };
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
    var mark = ResourceScope.UserMark("faafo-guide-scaling-out");

    await using var cloud = OpenStackClient.FromCloud(options.GetValue(cloudName), options: new() { OnWait = Console.Error.WriteLine });
    await cloud.RequireAsync([ServiceType.Compute, ServiceType.Image, ServiceType.Network], stop);
    await using var scope = cloud.Scope(mark, options.GetValue(keep), Console.WriteLine);
    var image = await cloud.Images.ChooseImageAsync(options.GetValue(imageName), stop);
    var flavor = await cloud.Compute.ChooseFlavorAsync(options.GetValue(flavorName), image, stop);
    var network = await cloud.Networking.ChooseNetworkAsync(options.GetValue(networkName), cancellationToken: stop);
    var pool = await cloud.Networking.ChooseNetworkAsync(options.GetValue(externalName), external: true, stop);
    var script = await File.ReadAllTextAsync(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "install.sh"), stop);
    var programs = options.GetValue(bundle) is { } url ? $"-b {url}" : "";
    var password = Guid.NewGuid().ToString("N");

    // step-1
    Console.WriteLine("step-1: remove the instances and groups of earlier chapters");
    foreach (var chapter in new[] { "faafo-guide-getting-started", "faafo-guide-introduction", "faafo-guide-scaling-out" })
    {
        await cloud.Scope(ResourceScope.UserMark(chapter), onRemoved: Console.WriteLine).RemoveAsync(stop);
    }

    // step-2
    Console.WriteLine("step-2: a security group for each kind of instance");
    var api = await GroupAsync("api", Ingress.Tcp(22), Ingress.Tcp(80));
    var workers = await GroupAsync("worker", Ingress.Tcp(22));
    var services = await GroupAsync("services",
        Ingress.Tcp(22), Ingress.Tcp(5432).From(api), Ingress.Tcp(5672).From(workers), Ingress.Tcp(5672).From(api));

    async Task<SecurityGroup> GroupAsync(string name, params NewSecurityGroupRule[] rules)
    {
        // Ctrl-C cancels waits but never a request that creates something, so that the clean-up finds everything.
        var group = await cloud.Networking.CreateSecurityGroupAsync(name, mark, CancellationToken.None);
        foreach (var rule in rules)
        {
            await cloud.Networking.AddSecurityGroupRuleAsync(group.Id, rule, stop);
        }
        Console.WriteLine($"{name}: {string.Join(' ', rules.Select(rule => rule.PortRangeMin))}");
        return group;
    }

    // step-3
    Console.WriteLine("step-3: a floating IP, unused or new, for an instance");
    async Task<string> FloatAsync(Server server) =>
        (await cloud.Networking.AttachFloatingIPAsync(server.Id, pool.Id, mark, CancellationToken.None)).Address;

    // step-4
    Console.WriteLine("step-4: the database and the queue");
    var shared = await BootAsync("app-services", services, $"-i database -i messaging -p {password}");
    shared = await shared.WaitUntilActiveAsync(timeout, stop);
    var servicesIP = shared.FixedAddresses.First();
    Console.WriteLine($"{shared.Name} is {shared.Status} at {servicesIP}");

    Task<Server> BootAsync(string name, SecurityGroup group, string arguments) => cloud.Compute.CreateServerAsync(
        new(name, image.Id, flavor.Id)
        {
            KeyName = options.GetValue(key),
            SecurityGroups = [group.Id],
            Networks = ServerNetworks.Of(network.Id),
            UserData = UserData.Script($"#!/bin/sh\nset -- {arguments} {programs}\n{script}"),
            Tags = [mark],
        },
        CancellationToken.None);

    // step-5
    Console.WriteLine("step-5: two APIs, open to the world");
    var queue = $"amqp://faafo:{password}@{servicesIP}:5672/";
    var arguments = $"-r api -m {queue} -d postgresql://faafo:{password}@{servicesIP}/faafo";
    Server[] apis = [await BootAsync("app-api-1", api, arguments), await BootAsync("app-api-2", api, arguments)];
    var addresses = new List<string>();
    for (var i = 0; i < apis.Length; i++)
    {
        apis[i] = await apis[i].WaitUntilActiveAsync(timeout, stop);
        addresses.Add(await FloatAsync(apis[i]));
        Console.WriteLine($"{apis[i].Name} is {apis[i].Status} at {addresses[i]}");
    }

    // step-6
    Console.WriteLine("step-6: three workers");
    arguments = $"-r worker -e http://{apis[0].FixedAddresses.First()} -m {queue}";
    foreach (var server in new[]
    {
        await BootAsync("app-worker-1", workers, arguments), await BootAsync("app-worker-2", workers, arguments),
        await BootAsync("app-worker-3", workers, arguments),
    })
    {
        var worker = await server.WaitUntilActiveAsync(timeout, stop);
        Console.WriteLine($"{worker.Name} is {worker.Status} at {worker.FixedAddresses.First()}");
    }

    // step-7
    Console.WriteLine("step-7: what to look at");
    Console.WriteLine($"export FAAFO_ENDPOINT_URL=http://{addresses[0]}");
    Console.WriteLine("faafo nodes     two APIs, three workers, and how busy they are");
    Console.WriteLine("samples/load.sh creates five hundred tasks");
    Console.WriteLine("faafo queue     how many of them are waiting");
    Console.WriteLine($"http://{addresses[0]}/ shows the pictures: the workers send them there");
    Console.WriteLine($"http://{addresses[1]}/ lists the same fractals: both APIs have one database, but no common image store");
}
