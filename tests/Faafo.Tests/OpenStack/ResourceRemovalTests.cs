using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class ResourceRemovalTests : IAsyncLifetime
{
    private const string InUse = """{"NeutronError":{"type":"PortInUse","message":"Port is still plugged.","detail":""}}""";

    private readonly List<string> _removed = [];
    private readonly List<string> _failed = [];
    private FakeOpenStack _fake = null!;
    private OpenStackClient _cloud = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fake = await FakeOpenStack.StartAsync();
        _cloud = _fake.Client();
    }

    [Fact]
    public async Task Resources_are_deleted_in_dependency_order_whatever_their_order_in_the_list()
    {
        var server = await _cloud.Compute.CreateServerAsync(new("web", null, "f1") { Tags = ["mine"] }, Ct);
        AddNeutron("mine", "p1");

        await RemoveAsync([.. Neutron("mine", "p1"), CloudResource.From(server)]);

        Assert.Equal(["server web", "floating address 172.24.0.1", "port a", "router a", "subnet a", "network a", "security group a"],
            _removed);
        Assert.Empty(_failed);
    }

    [Theory]
    [InlineData("/ports/port")]
    [InlineData("/routers/router")]
    [InlineData("/subnets/subnet")]
    [InlineData("/networks/network")]
    public async Task Conflict_that_passes_is_retried(string path)
    {
        AddNeutron("mine", "p1");
        var conflicts = 0;
        _fake.Inject("DELETE", path, (context, work) =>
        {
            conflicts++;
            return Fault.Status(409, InUse)(context, work);
        }, times: 5);

        await RemoveAsync(Neutron("mine", "p1"));

        Assert.Equal(5, conflicts);
        Assert.Single(_fake.Seen("DELETE", path));
        Assert.Empty(_failed);
    }

    [Fact]
    public async Task Conflict_that_stays_is_reported_and_does_not_stop_the_rest()
    {
        AddNeutron("mine", "p1");
        _fake.Inject("DELETE", "/ports/port", Fault.Status(409, InUse), times: 1000);

        await RemoveAsync(Neutron("mine", "p1"));

        Assert.Equal(["port a", "network a"], _failed.Select(line => line.Split(':')[0]));
        Assert.Contains("security group a", _removed);
    }

    [Theory]
    [InlineData("mine", "p2")]
    [InlineData("theirs", "p1")]
    [InlineData("mine", null)]
    public async Task Resource_without_the_mark_or_of_another_project_is_left_alone(string description, string? project)
    {
        AddNeutron(description, project);

        await RemoveAsync(Neutron(description, project));

        Assert.DoesNotContain(_fake.Requests, request => request.Method is "DELETE" or "PUT");
        Assert.Empty(_removed);
    }

    [Fact]
    public async Task Single_resource_of_another_owner_is_refused_by_name()
    {
        AddNeutron("theirs", "p1");
        var removal = new ResourceRemoval(_cloud, "p1", resource => resource.Description == "mine");

        var error = await Assert.ThrowsAsync<OpenStackException>(() => removal.RemoveAsync(Neutron("theirs", "p1")[^2], Ct));

        Assert.Equal("cannot delete port a (port): it does not carry the mark, or is another project's", error.Message);
        Assert.DoesNotContain(_fake.Requests, request => request.Method is "DELETE" or "PUT");
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Without_a_project_nothing_is_deleted(string? project)
    {
        AddNeutron("mine", project);

        await new ResourceRemoval(_cloud, project, _ => true).RunAsync(Neutron("mine", project), Ct);

        Assert.DoesNotContain(_fake.Requests, request => request.Method is "DELETE" or "PUT");
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        await _fake.DisposeAsync();
    }

    private static IReadOnlyList<CloudResource> Neutron(string description, string? project) =>
    [
        CloudResource.From(new SecurityGroup { Id = "group", Name = "a", Description = description, ProjectId = project }),
        CloudResource.From(new Network { Id = "network", Name = "a", Description = description, ProjectId = project }),
        CloudResource.From(new Subnet
        {
            Id = "subnet", Name = "a", NetworkId = "network", Cidr = "10.0.1.0/24", Description = description, ProjectId = project,
        }),
        CloudResource.From(new Router { Id = "router", Name = "a", Description = description, ProjectId = project }),
        CloudResource.From(new Port { Id = "port", Name = "a", NetworkId = "network", Description = description, ProjectId = project }),
        new CloudResource(ResourceKind.FloatingIP, "fip-1", "172.24.0.1") { Description = description, ProjectId = project },
    ];

    private void AddNeutron(string description, string? project)
    {
        JsonObject Thing(string id) => new() { ["id"] = id, ["name"] = "a", ["description"] = description, ["project_id"] = project };

        var neutron = _fake.Network;
        neutron.AddFloatingIP(description: description);
        neutron.Ports.Add(Thing("port"));
        neutron.Ports[^1]["network_id"] = "network";
        neutron.Routers.Add(Thing("router"));
        neutron.Subnets.Add(Thing("subnet"));
        neutron.Networks.Add(Thing("network"));
        neutron.Groups.Add(Thing("group"));
    }

    private Task RemoveAsync(IEnumerable<CloudResource> resources) =>
        new ResourceRemoval(_cloud, "p1", resource => resource.Description == "mine" || resource.Tags.Contains("mine"))
        {
            OnRemoved = resource => _removed.Add(resource.ToString()),
            OnFailed = (resource, error) => _failed.Add($"{resource}: {error.Message}"),
        }.RunAsync(resources, Ct);
}
