#!/usr/bin/env dotnet
#:project ../Faafo.Core
#:package System.CommandLine

// The guide's chapter on orchestration: the same application from templates, by Heat.

using System.CommandLine;
using Faafo;
using Faafo.OpenStack;
using Faafo.OpenStack.Orchestration;

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
var endpoint = new Option<string>("--endpoint-url") { Description = "An API whose queue determines the number of workers. Default: none" };
var keep = new Option<bool>("--keep") { Description = "Keep everything at the end" };
var command = new RootCommand("Faafo by Heat") { cloudName, imageName, flavorName, key, networkName, externalName, bundle, endpoint, keep };
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
    var mark = ResourceScope.UserMark("faafo-guide-orchestration");

    // step-1
    Console.WriteLine("step-1: log in, and choose the parameters of the templates");
    await using var cloud = OpenStackClient.FromCloud(options.GetValue(cloudName), options: new() { OnWait = Console.Error.WriteLine });
    await cloud.RequireAsync([ServiceType.Orchestration, ServiceType.Compute, ServiceType.Image, ServiceType.Network], stop);
    await using var scope = cloud.Scope(mark, options.GetValue(keep), Console.WriteLine);
    var heat = cloud.Orchestration;
    var image = await cloud.Images.ChooseImageAsync(options.GetValue(imageName), stop);
    var flavor = await cloud.Compute.ChooseFlavorAsync(options.GetValue(flavorName), image, stop);
    var network = await cloud.Networking.ChooseNetworkAsync(options.GetValue(networkName), cancellationToken: stop);
    var external = await cloud.Networking.ChooseNetworkAsync(options.GetValue(externalName), external: true, stop);
    var parameters = new Dictionary<string, string>
    {
        ["image"] = image.Id,
        ["flavor"] = flavor.Id,
        ["network"] = network.Id,
        ["external_network"] = external.Id,
    };
    foreach (var (name, value) in new[] { ("key_name", options.GetValue(key)), ("bundle", options.GetValue(bundle)) })
    {
        if (value is not null)
        {
            parameters[name] = value;
        }
    }
    Console.WriteLine($"{image.Name} in {flavor.Name}, between {network.Name} and {external.Name}");

    // step-2
    Console.WriteLine("step-2: a stack of one instance");
    var hello = await CreateAsync("hello_faafo");
    Console.WriteLine($"{hello.Name} is {hello.Status}");

    async Task<Stack> CreateAsync(string name)
    {
        var folder = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
        var wanted = new NewStack(name, await File.ReadAllTextAsync(Path.Combine(folder, "heat", name + ".yaml"), stop))
        {
            Parameters = parameters,
            Files = new Dictionary<string, string>
            {
                ["../install.sh"] = await File.ReadAllTextAsync(Path.Combine(folder, "install.sh"), stop),
            },
            Tags = [mark],
            Timeout = timeout,
        };
        scope.Add($"stack {name}", token => DeleteAsync(name, token));
        // A stack kept by an earlier run may have any size. Ctrl-C never cancels a request that creates something.
        await DeleteAsync(name, stop);
        await heat.CreateStackAsync(wanted, CancellationToken.None);
        return await heat.WaitUntilCompleteAsync(name, timeout, stop);
    }

    async Task<bool> DeleteAsync(string name, CancellationToken token)
    {
        var stack = await heat.ListStacksAsync(token).FirstOrDefaultAsync(stack => stack.Name == name, token);
        if (stack is not null)
        {
            if (!stack.Tags.Contains(mark))
            {
                throw new OpenStackException($"The stack {name} is not yours: it does not have your tag {mark}.");
            }
            await heat.DeleteStackAsync(stack.Id, token);
            await heat.WaitUntilDeletedAsync(stack.Id, timeout, token);
        }
        return stack is not null;
    }

    // step-3
    Console.WriteLine("step-3: the stacks");
    await foreach (var one in heat.ListStacksAsync(stop))
    {
        Console.WriteLine($"{one.Id} {one.Name} {one.Status}");
    }

    // step-4
    Console.WriteLine("step-4: the resources of the stack, and its outputs");
    await foreach (var resource in heat.ListStackResourcesAsync(hello.Name, stop).OrderBy(resource => resource.Name))
    {
        Console.WriteLine($"{resource.Name}: {resource.Type}, {resource.Status}");
    }
    foreach (var output in hello.Outputs)
    {
        Console.WriteLine($"{output.Key}: {hello.Output(output.Key)}");
    }

    // step-5
    Console.WriteLine("step-5: delete the stack, and its instance with it");
    await DeleteAsync(hello.Name, stop);
    var remaining = await cloud.Compute.ListServersAsync(cancellationToken: stop)
        .CountAsync(server => server.Name == "hello_faafo", stop);
    Console.WriteLine($"{remaining} instances of it remain");

    // step-6
    Console.WriteLine("step-6: a stack that can scale its workers");
    var scaling = await CreateAsync("faafo_autoscaling_workers");
    Console.WriteLine($"{scaling.Name} is {scaling.Status}");

    // step-7
    Console.WriteLine("step-7: its instances");
    await foreach (var server in cloud.Compute.ListServersAsync(cancellationToken: stop).OrderBy(server => server.Name))
    {
        Console.WriteLine($"{server.Name} {server.Status}");
    }

    // step-8
    Console.WriteLine("step-8: the webhook that adds a worker");
    await ScaleAsync("scale_up_url", 2);

    async Task ScaleAsync(string output, int expected)
    {
        // The group is a stack of its own.
        var group = await heat.ListStackResourcesAsync(scaling.Name, stop).FirstAsync(resource => resource.Name == "workers", stop);
        while (await heat.ListStackResourcesAsync(group.PhysicalId!, stop).CountAsync(stop) != expected)
        {
            // Heat silently ignores a call while the group is changing, so repeat it until the group has the right size.
            await heat.SignalAsync(new Uri(scaling.Output(output)!), CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(3), stop);
            await heat.WaitUntilCompleteAsync(group.PhysicalId!, timeout, stop);
        }
        Console.WriteLine($"workers: {expected}");
    }

    // step-9
    Console.WriteLine("step-9: the webhook that removes a worker");
    await ScaleAsync("scale_down_url", 1);

    // step-10
    Console.WriteLine("step-10: one worker for every four unfinished fractals, from one to three");
    if (options.GetValue(endpoint) is { } address)
    {
        var unfinished = (await FaafoClient.Connect(new Uri(address)).GetQueueAsync(stop)).Unfinished
            ?? throw new IOException("The API does not know how many fractals are unfinished.");
        var wanted = (int)Math.Clamp((unfinished + 3) / 4, 1, 3);
        Console.WriteLine($"{unfinished} fractals are unfinished, so {wanted} workers are wanted");
        for (var workers = 1; workers < wanted; workers++)
        {
            await ScaleAsync("scale_up_url", workers + 1);
        }
    }

    // step-11
    Console.WriteLine("step-11: delete the stack");
    if (!options.GetValue(keep))
    {
        await DeleteAsync(scaling.Name, stop);
        Console.WriteLine(
            $"{await heat.ListStacksAsync(stop).CountAsync(stack => stack.Name == scaling.Name, stop)} stacks of that name remain");
    }
}
