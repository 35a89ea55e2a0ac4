#!/usr/bin/env dotnet
#:project ../Faafo.OpenStack
#:package System.CommandLine

// The guide's chapter on networking: a network for each tier, a router, and a balancer before the web servers.

using System.CommandLine;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;

var timeout = TimeSpan.FromMinutes(10);
var cloudName = new Option<string>("--cloud") { Description = "A cloud of clouds.yaml. Default: OS_CLOUD, or the only cloud" };
var imageName = new Option<string>("--image") { Description = "Name or id. Default: the only image" };
var flavorName = new Option<string>("--flavor") { Description = "Name or id. Default: the smallest that fits the image" };
var key = new Option<string>("--key") { Description = "A key pair to log in with. Default: none" };
var externalName = new Option<string>("--external-network")
{
    Description = "Name or id of the external network for floating IPs. Default: the only one",
};
var keep = new Option<bool>("--keep") { Description = "Keep everything at the end" };
var command = new RootCommand("Networks, a router and a balancer for Faafo") { cloudName, imageName, flavorName, key, externalName, keep };
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
    var mark = ResourceScope.UserMark("faafo-guide-networking");

    // step-1
    Console.WriteLine("step-1: log in");
    await using var cloud = OpenStackClient.FromCloud(options.GetValue(cloudName), options: new() { OnWait = Console.Error.WriteLine });
    await cloud.RequireAsync([ServiceType.Network, ServiceType.LoadBalancer, ServiceType.Compute, ServiceType.Image], stop);
    await using var scope = cloud.Scope(mark, options.GetValue(keep), Console.WriteLine);
    await scope.RemoveAsync(stop);

    // step-2
    Console.WriteLine("step-2: the networks, and the external one");
    await foreach (var one in cloud.Networking.ListNetworksAsync(cancellationToken: stop).OrderBy(one => one.Name))
    {
        Console.WriteLine($"{one.Name}{(one.IsExternal ? ", external" : "")}");
    }
    var external = await cloud.Networking.ChooseNetworkAsync(options.GetValue(externalName), external: true, stop);

    // step-3
    Console.WriteLine("step-3: a network and its subnet for each tier");
    var workers = await NetworkAsync("worker", "10.0.1.0/24");
    var web = await NetworkAsync("webserver", "10.0.2.0/24");
    var api = await NetworkAsync("api", "10.0.3.0/24");

    async Task<Subnet> NetworkAsync(string tier, string cidr)
    {
        // Ctrl-C cancels waits but never a request that creates something, so that the clean-up finds everything.
        var network = await cloud.Networking.CreateNetworkAsync(new NewNetwork($"{tier}_network") { Description = mark },
            CancellationToken.None);
        var subnet = await cloud.Networking.CreateSubnetAsync(new(network.Id, cidr) { Name = $"{tier}_subnet", Description = mark },
            CancellationToken.None);
        Console.WriteLine($"{network.Name}: {subnet.Cidr}, gateway {subnet.GatewayIP}");
        return subnet;
    }

    // step-4
    Console.WriteLine("step-4: a router between them and the external network");
    var router = await cloud.Networking.CreateRouterAsync(
        new NewRouter("faafo_router") { ExternalGatewayInfo = new(external.Id), Description = mark }, CancellationToken.None);
    foreach (var subnet in new[] { workers, web, api })
    {
        await cloud.Networking.AddRouterInterfaceAsync(router.Id, subnet.Id, CancellationToken.None);
        Console.WriteLine($"{router.Name} connects {subnet.Name}");
    }

    // step-5
    Console.WriteLine("step-5: two instances in each network");
    var image = await cloud.Images.ChooseImageAsync(options.GetValue(imageName), stop);
    var flavor = await cloud.Compute.ChooseFlavorAsync(options.GetValue(flavorName), image, stop);
    await BootAsync("worker", workers);
    await BootAsync("api", api);
    var servers = await BootAsync("webserver", web);

    async Task<IReadOnlyList<Server>> BootAsync(string name, Subnet subnet)
    {
        var pair = await cloud.Compute.CreateServersAsync(
            new(name, image.Id, flavor.Id)
            {
                KeyName = options.GetValue(key),
                Networks = ServerNetworks.Of(subnet.NetworkId),
                Tags = [mark],
            },
            count: 2, CancellationToken.None);
        foreach (var server in pair)
        {
            var active = await server.WaitUntilActiveAsync(timeout, stop);
            Console.WriteLine($"{active.Name} is {active.Status} at {active.FixedAddresses.First()}");
        }
        return pair;
    }

    // step-6
    Console.WriteLine("step-6: the ports of the web servers' network");
    var ports = await cloud.Networking.ListPortsAsync(networkId: web.NetworkId, cancellationToken: stop).OrderBy(port => port.DeviceOwner)
        .ToListAsync(stop);
    foreach (var port in ports)
    {
        Console.WriteLine($"{port.Id} {port.DeviceOwner} {port.FixedIPs[0].IpAddress}");
    }

    // step-7
    Console.WriteLine("step-7: a floating IP for each web server's port");
    foreach (var port in ports.Where(port => servers.Any(server => server.Id == port.DeviceId)))
    {
        var address = await cloud.Networking.AllocateFloatingIPAsync(external.Id, port.Id, mark, CancellationToken.None);
        Console.WriteLine($"{address.Address} leads to {address.FixedIpAddress}");
    }

    // step-8
    Console.WriteLine("step-8: a balancer with a listener and a pool");
    var balancer = await cloud.LoadBalancing.CreateLoadBalancerAsync(new NewLoadBalancer("faafo", web.Id) { Description = mark },
        CancellationToken.None);
    balancer = await cloud.LoadBalancing.WaitUntilActiveAsync(balancer.Id, timeout, stop);
    var listener = await cloud.LoadBalancing.CreateListenerAsync(
        new NewListener(balancer.Id, ListenerProtocol.Http, 80) { Name = "web" }, stop);
    var pool = await cloud.LoadBalancing.CreatePoolAsync(
        balancer.Id, new NewPool(PoolProtocol.Http) { Name = "webservers", ListenerId = listener.Id }, stop);
    Console.WriteLine($"{balancer.Name} listens on port {listener.ProtocolPort} and has the pool {pool.Name}");

    // step-9
    Console.WriteLine("step-9: the web servers are the pool's members");
    foreach (var server in servers)
    {
        var address = (await cloud.Compute.GetServerAsync(server.Id, stop)).FixedAddresses.First();
        await cloud.LoadBalancing.CreateMemberAsync(balancer.Id, pool.Id,
            new NewMember(address, 80) { Name = server.Name, SubnetId = web.Id },
            stop);
    }
    await foreach (var member in cloud.LoadBalancing.ListMembersAsync(pool.Id, stop).OrderBy(member => member.Name))
    {
        Console.WriteLine($"{member.Name} {member.Address}:{member.ProtocolPort}, weight {member.Weight}");
    }

    // step-10
    Console.WriteLine("step-10: a health monitor: a member that fails gets no requests");
    var monitor = await cloud.LoadBalancing.CreateHealthMonitorAsync(
        balancer.Id, new NewHealthMonitor(pool.Id, HealthMonitorType.Http, Delay: 3, Timeout: 3, MaxRetries: 3) { UrlPath = "/" }, stop);
    Console.WriteLine($"every {monitor.Delay} s, {monitor.MaxRetries} times, {monitor.Timeout} s at most");

    // step-11
    Console.WriteLine("step-11: the balancer's address");
    balancer = await cloud.LoadBalancing.WaitUntilActiveAsync(balancer.Id, timeout, stop);
    Console.WriteLine($"{balancer.VipAddress} is {balancer.ProvisioningStatus}");

    // step-12
    Console.WriteLine("step-12: a floating IP for it");
    var vip = await cloud.Networking.ListPortsAsync(networkId: web.NetworkId, cancellationToken: stop)
        .FirstOrDefaultAsync(port => port.Id == balancer.VipPortId, stop);
    Console.WriteLine(vip is null
        ? "this project cannot see the balancer's port, so the balancer gets no floating IP"
        : $"http://{(await cloud.Networking.AllocateFloatingIPAsync(external.Id, vip.Id, mark, CancellationToken.None)).Address}/");
}
