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
    private static readonly FlockSpec Guide = FlockSpec.Of("c") with { OwnNetworks = new OwnNetworks("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24") };

    [Fact]
    public void Of_an_empty_project_everything_is_made()
    {
        var plan = Plan(Guide with { PublicKeyFile = "key.pub" }, ManagedResources.Empty);

        Assert.Equal([
            $"+ key pair {Faafo.KeyPair} from key.pub", "+ router faafo to internet", "+ network faafo-worker (10.0.1.0/24)", "+ network faafo-api (10.0.2.0/24)",
            "+ network faafo-services (10.0.3.0/24)",
            "+ security group faafo-services: tcp 22 from anywhere, tcp 5432 from api, tcp 5672 from api, tcp 5672 from worker",
            "+ security group faafo-api: tcp 22 from anywhere, tcp 80 from anywhere", "+ security group faafo-worker: tcp 22 from anywhere",
            "+ container faafo", "+ container faafo-images", "+ application credential faafo",
            "+ server app-services: debian, small", "+ server app-api-1: debian, small", "+ server app-api-2: debian, small",
            "+ floating address of app-api-1", "+ floating address of app-api-2",
            "+ server app-worker-1: debian, small", "+ server app-worker-2: debian, small", "+ server app-worker-3: debian, small"], plan.Changes.Select(one => one.ToString()));
        Assert.Equal(["app-services", "app-api-1", "app-api-2", "app-worker-1", "app-worker-2", "app-worker-3"], plan.Missing);
        Assert.Equal(["instances: 1 -> 7 of 10", "vcpus: 1 -> 13 of 20", "MiB of memory: 2048 -> 14336 of no limit", "floating addresses: 0 -> 2 of 2",
            "ports: 2 -> 11 of 100"], plan.Quota.Select(one => one.ToString()));
        plan.CheckQuota();
    }

    [Fact]
    public void When_all_is_there_nothing_is_to_be_done()
    {
        var plan = Plan(Guide, Complete());

        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Missing);
    }

    [Fact]
    public void What_failed_is_made_anew_but_never_the_services()
    {
        var there = Complete();
        var plan = Plan(Guide, there with { Servers = [.. there.Servers.Select(one => one.Name is "app-worker-2" or "app-services" ? one with { Status = "ERROR" } : one)] });

        Assert.Equal(["~ server app-services: is ERROR and holds the data; repair it yourself, it is never replaced", "- server app-worker-2: is ERROR",
            "+ server app-worker-2: debian, small"], plan.Changes.Select(one => one.ToString()));
    }

    [Fact]
    public void Of_two_servers_of_one_name_the_younger_goes()
    {
        var there = Complete();
        var twin = there.Servers.Single(one => one.Name == "app-worker-3") is var first ? first with { Id = "twin", Created = first.Created + TimeSpan.FromSeconds(1) } : null;

        Assert.Equal(["- server app-worker-3 (twin): duplicate of an older server"], Plan(Guide, there with { Servers = [.. there.Servers, twin!] }).Changes.Select(one => one.ToString()));
    }

    [Fact]
    public void Rules_are_compared_one_by_one()
    {
        var there = Complete();
        var groups = there.SecurityGroups.Select(group => group.Name != "faafo-api" ? group
            : group with { Rules = [.. group.Rules.Where(rule => rule.PortRangeMin != 80), Rule(8080, null)] });

        Assert.Equal(["~ security group faafo-api: gets tcp 80 from anywhere", "~ security group faafo-api: loses tcp 8080"],
            Plan(Guide, there with { SecurityGroups = [.. groups] }).Changes.Select(one => one.ToString()));
    }

    [Fact]
    public void A_floating_address_that_someone_took_away_is_given_again()
    {
        var there = Complete();

        Assert.Equal(["+ floating address of app-api-1"], Plan(Guide, there with { FloatingIPs = [there.FloatingIPs[1]] }).Changes.Select(one => one.ToString()));
    }

    [Fact]
    public void Addresses_that_the_project_has_to_spare_are_none_of_the_quota()
    {
        Assert.Equal("floating addresses: 2 -> 2 of 2", Plan(Guide, ManagedResources.Empty, Around() with
        {
            NetworkLimits = new Dictionary<string, QuotaUsage> { ["floatingip"] = new() { Used = 2, Limit = 2 } },
            FreeFloatingIPs = 2,
        }).Quota[^1].ToString());
    }

    [Fact]
    public void What_does_not_fit_into_the_quota_is_refused_with_its_numbers()
    {
        var plan = Plan(Guide, ManagedResources.Empty, Around() with { Limits = new ComputeLimits { MaxInstances = 3, MaxCores = -1, MaxRam = -1 } });

        Assert.Equal("the project's quota is too small: instances: 0 -> 6 of 3; lower min in flock.yaml, choose a smaller flavor, or ask for a larger quota. "
            + "Nothing was created", Assert.Throws<FailureException>(plan.CheckQuota).Message);
    }

    [Fact]
    public void A_network_cannot_change_its_range()
    {
        var other = Guide with { OwnNetworks = Guide.OwnNetworks! with { Api = "10.9.0.0/24" } };

        Assert.StartsWith("networks.api is 10.9.0.0/24 in flock.yaml and 10.0.2.0/24 in the cloud: ",
            Assert.Throws<FailureException>(() => Plan(other, Complete())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_flock_yaml_asks_for_otherwise_now_is_to_be_rolled_but_never_the_services()
    {
        var there = Complete();
        string[] workers = ["~ server app-worker-1: changed (roll worker)", "~ server app-worker-2: changed (roll worker)", "~ server app-worker-3: changed (roll worker)"];
        string[] apis = ["~ server app-api-1: changed (roll api)", "~ server app-api-2: changed (roll api)"];

        Assert.Equal(workers, Of(Guide with { Workers = Guide.Workers with { Slots = 2 } }));
        Assert.Equal(workers, Of(Guide with { Workers = Guide.Workers with { SecurityGroups = ["mine"] } }));
        Assert.Equal([.. apis, .. workers], Of(Guide with { Bundle = new BundleSource(new Uri("http://b/"), new string('b', 64)) }));
        Assert.Equal([.. apis, .. workers], Of(Guide with { ImageStoreUrl = "swift:elsewhere" }));
        Assert.Empty(Of(Guide with { Workers = Guide.Workers with { Policy = Guide.Workers.Policy with { Max = 9 } } }));

        var newer = Around();
        var images = newer.Images.ToDictionary(one => one.Key, one => one.Key == FlockSpec.Api ? new Image { Id = "new", Name = "debian", Status = "active" } : one.Value);
        Assert.Equal(apis, Plan(Guide, there, newer with { Images = images }).Changes.Select(one => one.ToString()));

        IEnumerable<string> Of(FlockSpec flock) => Plan(flock, there).Changes.Select(one => one.ToString());
    }

    [Fact]
    public void More_than_max_are_announced()
    {
        var there = Complete();
        var many = Enumerable.Range(4, 6).Select(n => there.Servers[^1] with { Id = $"id-{n}", Name = $"app-worker-{n}" });

        Assert.Equal(["- 1 servers of worker: more than max, will be drained"], Plan(Guide, there with { Servers = [.. there.Servers, .. many] }).Changes.Select(one => one.ToString()));
    }

    private static FlockPlan Plan(FlockSpec flock, ManagedResources there, ExternalResources? around = null) => FlockPlan.Make(flock, Faafo, there, around ?? Around());

    private static ExternalResources Around()
    {
        var groups = Guide.AllGroups.Select(group => group.Name).ToArray();
        return new ExternalResources(groups.ToDictionary(name => name, _ => new Image { Id = "i", Name = "debian", Status = "active" }),
            groups.ToDictionary(name => name, _ => new Flavor { Id = "f", Name = "small", Vcpus = 2, Ram = 2048 }),
            null, new Network { Id = "ext", Name = "internet" }, new Dictionary<string, string> { ["mine"] = "sg-mine" },
            new ComputeLimits { MaxInstances = 10, InstancesUsed = 1, MaxCores = 20, CoresUsed = 1, MaxRam = -1, RamUsed = 2048 },
            new Dictionary<string, QuotaUsage> { ["floatingip"] = new() { Limit = 2 }, ["port"] = new() { Used = 2, Limit = 100 } }, FreeFloatingIPs: 0);
    }

    private static ManagedResources Complete(FlockSpec? flock = null)
    {
        string[] kept = ["app-services", "app-api-1", "app-api-2"];
        var there = ManagedResources.Empty with
        {
            Servers = [Server("app-services", FlockSpec.Services), Server("app-api-1", FlockSpec.Api), Server("app-api-2", FlockSpec.Api),
                .. Enumerable.Range(1, 3).Select(n => Server($"app-worker-{n}", FlockSpec.Worker))],
            Ports = [.. kept.Select(node => new Port { Id = "port-" + node, Name = "faafo-" + node, NetworkId = "n", FixedIps = [new FixedIp { IpAddress = "10.0.9.9" }] })],
            FloatingIPs = [new FloatingIP { Id = "1", Address = "172.24.0.1", PortId = "port-app-api-1" }, new FloatingIP { Id = "2", Address = "172.24.0.2", PortId = "port-app-api-2" }],
            SecurityGroups = [Group(FlockSpec.Services, Rule(22, null), Rule(5432, FlockSpec.Api), Rule(5672, FlockSpec.Api), Rule(5672, FlockSpec.Worker)),
                Group(FlockSpec.Api, Rule(22, null), Rule(80, null)), Group(FlockSpec.Worker, Rule(22, null))],
            Networks = [.. Guide.AllGroups.Select(group => new Network { Id = "net-" + group.Name, Name = "faafo-" + group.Name })],
            Subnets = [.. Guide.OwnNetworks!.Ranges.Select(one => new Subnet { Id = "s", Name = "s", NetworkId = "net-" + one.Name, Cidr = one.Cidr })],
            Routers = [new Router { Id = "r", Name = "faafo" }],
            Containers = [new Container { Name = "faafo" }, new Container { Name = "faafo-images" }],
            Login = "c",
            Credentials = ["c"],
        };
        return Current(flock ?? Guide, there);
    }

    // With the tags of what they are to be made of.
    private static ManagedResources Current(FlockSpec flock, ManagedResources there) => there with
    {
        Servers = [.. there.Servers.Select(server => server with
        {
            Tags = [.. server.Tags, InstanceTemplateHash.Tag(flock.AllGroups.First(group => FlockServers.GroupTag(group.Name) == server.Tags[^1]), InstanceTemplateHash.Settings(flock, Faafo, there), Around(), null)],
        })],
    };

    private static Server Server(string name, string group) => new()
    {
        Id = "id-" + name,
        Name = name,
        Status = "ACTIVE",
        Created = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Tags = ["faafo", Faafo.Tag, FlockServers.GroupTag(group)],
    };

    private static SecurityGroup Group(string name, params SecurityGroupRule[] rules) => new() { Id = "sg-" + name, Name = "faafo-" + name, Rules = rules };

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
