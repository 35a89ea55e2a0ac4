using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.Networking;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Plan;

public sealed class FlockPlanTests
{
    private static readonly ResourceNames Faafo = new("faafo", "p1", "One");
    private static readonly FlockSpec Guide = FlockSpec.Of("c") with
    {
        OwnNetworks = new OwnNetworks("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"),
    };

    [Fact]
    public void Empty_project_gets_everything()
    {
        var plan = Plan(Guide with { PublicKeyFile = "key.pub" }, ManagedResources.Empty);

        Assert.Equal([
            $"+ key pair {Faafo.KeyPair} from key.pub", "+ router faafo to internet",
            "+ network faafo-worker (10.0.1.0/24)", "+ network faafo-api (10.0.2.0/24)", "+ network faafo-services (10.0.3.0/24)",
            "+ security group faafo-services: tcp 22 from anywhere, tcp 5432 from api, tcp 5672 from api, tcp 5672 from worker",
            "+ security group faafo-api: tcp 22 from anywhere, tcp 80 from anywhere", "+ security group faafo-worker: tcp 22 from anywhere",
            "+ container faafo", "+ container faafo-images", "+ application credential faafo",
            "+ server app-services: debian, small", "+ server app-api-1: debian, small", "+ server app-api-2: debian, small",
            "+ floating address of app-api-1", "+ floating address of app-api-2",
            "+ server app-worker-1: debian, small", "+ server app-worker-2: debian, small", "+ server app-worker-3: debian, small"],
            Lines(plan));
        Assert.Equal(["app-services", "app-api-1", "app-api-2", "app-worker-1", "app-worker-2", "app-worker-3"], plan.Missing);
        Assert.Equal(["instances: 1 -> 7 of 10", "vcpus: 1 -> 13 of 20", "MiB of memory: 2048 -> 14336 of no limit",
            "floating addresses: 0 -> 2 of 2", "ports: 2 -> 11 of 100"], plan.Quota.Select(one => one.ToString()));
        plan.CheckQuota();
    }

    [Fact]
    public void Complete_flock_needs_no_change()
    {
        var plan = Plan(Guide, Complete());

        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Missing);
    }

    [Fact]
    public void Failed_servers_are_replaced_except_the_services()
    {
        var managed = Complete();
        var servers = managed.Servers.Select(one =>
            one.Name is "app-worker-2" or "app-services" ? one with { Status = "ERROR" } : one);

        var plan = Plan(Guide, managed with { Servers = [.. servers] });

        Assert.Equal(["~ server app-services: is ERROR and holds the data; repair it yourself, it is never replaced",
            "- server app-worker-2: is ERROR", "+ server app-worker-2: debian, small"], Lines(plan));
    }

    [Fact]
    public void Younger_of_two_servers_with_one_name_is_deleted()
    {
        var managed = Complete();
        var older = managed.Servers.Single(one => one.Name == "app-worker-3");
        var younger = older with { Id = "twin", Created = older.Created + TimeSpan.FromSeconds(1) };

        var plan = Plan(Guide, managed with { Servers = [.. managed.Servers, younger] });

        Assert.Equal(["- server app-worker-3 (twin): duplicate of an older server"], Lines(plan));
    }

    [Fact]
    public void Security_group_rules_are_compared_one_by_one()
    {
        var managed = Complete();
        var groups = managed.SecurityGroups.Select(group => group.Name != "faafo-api" ? group
            : group with { Rules = [.. group.Rules.Where(rule => rule.PortRangeMin != 80), Rule(8080, null)] });

        Assert.Equal(["~ security group faafo-api: gets tcp 80 from anywhere", "~ security group faafo-api: loses tcp 8080"],
            Lines(Plan(Guide, managed with { SecurityGroups = [.. groups] })));
    }

    [Fact]
    public void Floating_ip_that_someone_detached_is_attached_again()
    {
        var managed = Complete();

        Assert.Equal(["+ floating address of app-api-1"], Lines(Plan(Guide, managed with { FloatingIPs = [managed.FloatingIPs[1]] })));
    }

    [Fact]
    public void Unused_floating_ips_of_the_project_do_not_count_for_the_quota()
    {
        Assert.Equal("floating addresses: 2 -> 2 of 2", Plan(Guide, ManagedResources.Empty, External() with
        {
            NetworkLimits = new Dictionary<string, QuotaUsage> { ["floatingip"] = new() { Used = 2, Limit = 2 } },
            FreeFloatingIPs = 2,
        }).Quota[^1].ToString());
    }

    [Fact]
    public void Quota_counts_only_what_the_project_lacks()
    {
        var complete = Complete();
        var partial = complete with
        {
            Servers = [.. complete.Servers.Where(server => server.Name is not ("app-api-2" or "app-worker-3"))],
            Ports = [.. complete.Ports.Where(port => port.Name != "faafo-app-api-2")],
            SecurityGroups = [.. complete.SecurityGroups.Where(group => group.Name != "faafo-worker")],
            Networks = [.. complete.Networks.Take(1)],
            Subnets = [.. complete.Subnets.Take(2)],
            Routers = [],
        };

        Assert.Equal(["security groups: 5 -> 6 of 9", "ports: 5 -> 9 of 9", "networks: 5 -> 7 of 9", "subnets: 5 -> 6 of 9",
            "routers: 5 -> 6 of 9"], NetworkQuota(partial));
        Assert.All(NetworkQuota(complete), line => Assert.EndsWith(": 5 -> 5 of 9", line, StringComparison.Ordinal));

        static IEnumerable<string> NetworkQuota(ManagedResources managed) => Plan(Guide, managed, External() with
        {
            NetworkLimits = ((string[])["security_group", "port", "network", "subnet", "router"])
                .ToDictionary(name => name, _ => new QuotaUsage { Used = 5, Limit = 9 }),
        }).Quota.Skip(3).Select(line => line.ToString());
    }

    [Theory]
    [InlineData(3, 3, false)]
    [InlineData(4, 3, true)]
    [InlineData(1, 0, true)]
    [InlineData(0, 0, false)]
    [InlineData(1_000_000, -1, false)]
    public void Quota_is_exceeded_above_its_limit(int after, int limit, bool expected) =>
        Assert.Equal(expected, new QuotaLine("ports", 0, after, limit).IsExceeded);

    [Fact]
    public void Load_balancer_and_its_address_are_created_and_counted_once()
    {
        var octavia = Guide with { Balancing = Balancing.Octavia };

        var plan = Plan(octavia, ManagedResources.Empty);

        Assert.Equal(["+ load balancer faafo", "+ floating address of load balancer faafo"],
            Lines(plan).Where(line => line.Contains("load balancer", StringComparison.Ordinal)));
        Assert.Equal("floating addresses: 0 -> 1 of 2",
            plan.Quota.Single(line => line.Resource == "floating addresses").ToString());
    }

    [Fact]
    public void Container_of_the_flock_is_recognised_by_its_own_name()
    {
        var managed = Complete() with { Containers = [new Container { Name = "faafo-images" }] };

        Assert.Equal(["+ container faafo"], Lines(Plan(Guide, managed)));
    }

    [Theory]
    [InlineData("SHUTOFF")]
    [InlineData("ERROR")]
    public void Server_that_does_not_run_is_not_to_be_rolled(string status)
    {
        var managed = Complete();
        var servers = managed.Servers.Select(one => one.Name == "app-worker-1" ? one with { Status = status } : one);

        var lines = Lines(Plan(Guide with { Workers = Guide.Workers with { Slots = 2 } }, managed with { Servers = [.. servers] }));

        Assert.DoesNotContain("~ server app-worker-1: changed (roll worker)", lines);
        Assert.Contains("~ server app-worker-2: changed (roll worker)", lines);
    }

    [Theory]
    [InlineData("SHUTOFF", false)]
    [InlineData("ERROR", true)]
    public void Server_that_an_operator_holds_is_not_created_a_second_time(string status, bool isLocked)
    {
        var managed = Complete();
        var servers = managed.Servers.Select(one =>
            one.Name == "app-worker-1" ? one with { Status = status, IsLocked = isLocked } : one);

        Assert.Empty(Lines(Plan(Guide, managed with { Servers = [.. servers] })));
    }

    [Fact]
    public void Plan_that_exceeds_the_quota_is_rejected_with_its_numbers()
    {
        var limits = new ComputeLimits { MaxInstances = 3, MaxCores = -1, MaxRam = -1 };
        var plan = Plan(Guide, ManagedResources.Empty, External() with { Limits = limits });

        Assert.Equal("the project's quota is too small: instances: 0 -> 6 of 3; "
            + "lower min in flock.yaml, choose a smaller flavor, or ask for a larger quota. Nothing was created",
            Assert.Throws<FailureException>(plan.CheckQuota).Message);
    }

    [Fact]
    public void Changed_range_of_a_network_is_rejected()
    {
        var other = Guide with { OwnNetworks = Guide.OwnNetworks! with { Api = "10.9.0.0/24" } };

        Assert.StartsWith("networks.api is 10.9.0.0/24 in flock.yaml and 10.0.2.0/24 in the cloud: ",
            Assert.Throws<FailureException>(() => Plan(other, Complete())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drifted_servers_are_to_be_rolled_except_the_services()
    {
        var managed = Complete();
        string[] workers = ["~ server app-worker-1: changed (roll worker)", "~ server app-worker-2: changed (roll worker)",
            "~ server app-worker-3: changed (roll worker)"];
        string[] apis = ["~ server app-api-1: changed (roll api)", "~ server app-api-2: changed (roll api)"];

        Assert.Equal(workers, Of(Guide with { Workers = Guide.Workers with { Slots = 2 } }));
        Assert.Equal(workers, Of(Guide with { Workers = Guide.Workers with { SecurityGroups = ["mine"] } }));
        Assert.Equal([.. apis, .. workers], Of(Guide with { Bundle = new BundleSource(new Uri("http://b/"), new string('b', 64)) }));
        Assert.Equal([.. apis, .. workers], Of(Guide with { ImageStoreUrl = "swift:elsewhere" }));
        Assert.Empty(Of(Guide with { Workers = Guide.Workers with { Policy = Guide.Workers.Policy with { Max = 9 } } }));

        var newer = External();
        var image = new Image { Id = "new", Name = "debian", Status = "active" };
        var images = newer.Images.ToDictionary(one => one.Key, one => one.Key == FlockSpec.Api ? image : one.Value);
        Assert.Equal(apis, Lines(Plan(Guide, managed, newer with { Images = images })));

        IEnumerable<string> Of(FlockSpec flock) => Lines(Plan(flock, managed));
    }

    [Fact]
    public void Servers_above_max_are_to_be_drained()
    {
        var managed = Complete();
        var many = Enumerable.Range(4, 6).Select(n => managed.Servers[^1] with { Id = $"id-{n}", Name = $"app-worker-{n}" });

        var plan = Plan(Guide, managed with { Servers = [.. managed.Servers, .. many] });

        Assert.Equal(["- 1 servers of worker: more than max, will be drained"], Lines(plan));
    }

    private static FlockPlan Plan(FlockSpec flock, ManagedResources managed, ExternalResources? external = null) =>
        FlockPlan.Make(flock, Faafo, managed, external ?? External());

    private static IEnumerable<string> Lines(FlockPlan plan) => plan.Changes.Select(change => change.ToString());

    private static ExternalResources External()
    {
        var groups = Guide.AllGroups.Select(group => group.Name).ToArray();
        return new ExternalResources(groups.ToDictionary(name => name, _ => new Image { Id = "i", Name = "debian", Status = "active" }),
            groups.ToDictionary(name => name, _ => new Flavor { Id = "f", Name = "small", Vcpus = 2, Ram = 2048 }),
            null, new Network { Id = "ext", Name = "internet" }, new Dictionary<string, string> { ["mine"] = "sg-mine" },
            new ComputeLimits { MaxInstances = 10, InstancesUsed = 1, MaxCores = 20, CoresUsed = 1, MaxRam = -1, RamUsed = 2048 },
            new Dictionary<string, QuotaUsage> { ["floatingip"] = new() { Limit = 2 }, ["port"] = new() { Used = 2, Limit = 100 } },
            FreeFloatingIPs: 0);
    }

    private static ManagedResources Complete(FlockSpec? flock = null)
    {
        string[] stable = ["app-services", "app-api-1", "app-api-2"];
        var managed = ManagedResources.Empty with
        {
            Servers = [Server("app-services", FlockSpec.Services), Server("app-api-1", FlockSpec.Api), Server("app-api-2", FlockSpec.Api),
                .. Enumerable.Range(1, 3).Select(n => Server($"app-worker-{n}", FlockSpec.Worker))],
            Ports = [.. stable.Select(Port)],
            FloatingIPs =
            [
                new FloatingIP { Id = "1", Address = "172.24.0.1", PortId = "port-app-api-1" },
                new FloatingIP { Id = "2", Address = "172.24.0.2", PortId = "port-app-api-2" },
            ],
            SecurityGroups =
            [
                Group(FlockSpec.Services,
                    Rule(22, null), Rule(5432, FlockSpec.Api), Rule(5672, FlockSpec.Api), Rule(5672, FlockSpec.Worker)),
                Group(FlockSpec.Api, Rule(22, null), Rule(80, null)), Group(FlockSpec.Worker, Rule(22, null)),
            ],
            Networks = [.. Guide.AllGroups.Select(group => new Network { Id = "net-" + group.Name, Name = "faafo-" + group.Name })],
            Subnets = [.. Guide.OwnNetworks!.Ranges.Select(range =>
                new Subnet { Id = "s", Name = "s", NetworkId = "net-" + range.Name, Cidr = range.Cidr })],
            Routers = [new Router { Id = "r", Name = "faafo", ExternalGatewayInfo = new GatewayInfo("ext") }],
            Containers = [new Container { Name = "faafo" }, new Container { Name = "faafo-images" }],
            Login = "c",
            Credentials = ["c"],
        };
        return Current(flock ?? Guide, managed);
    }

    // Adds the tags of the templates that flock.yaml gives.
    private static ManagedResources Current(FlockSpec flock, ManagedResources managed)
    {
        var settings = InstanceTemplateHash.Settings(flock, Faafo, managed);
        return managed with { Servers = [.. managed.Servers.Select(WithTemplate)] };

        Server WithTemplate(Server server)
        {
            var group = flock.AllGroups.First(group => FlockServers.GroupTag(group.Name) == server.Tags[^1]);
            return server with { Tags = [.. server.Tags, InstanceTemplateHash.Tag(group, settings, External(), null)] };
        }
    }

    private static Server Server(string name, string group) => new()
    {
        Id = "id-" + name,
        Name = name,
        Status = "ACTIVE",
        Created = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Tags = ["faafo", Faafo.Tag, FlockServers.GroupTag(group)],
    };

    private static Port Port(string node) => new()
    {
        Id = "port-" + node,
        Name = "faafo-" + node,
        NetworkId = "n",
        FixedIPs = [new FixedIP { IpAddress = "10.0.9.9" }],
    };

    private static SecurityGroup Group(string name, params SecurityGroupRule[] rules) =>
        new() { Id = "sg-" + name, Name = "faafo-" + name, Rules = rules };

    private static SecurityGroupRule Rule(int port, string? from) => new()
    {
        Id = $"rule-{port}-{from}",
        Direction = "ingress",
        EtherType = "IPv4",
        Protocol = "tcp",
        PortRangeMin = port,
        PortRangeMax = port,
        RemoteGroupId = from is null ? null : "sg-" + from,
    };
}
