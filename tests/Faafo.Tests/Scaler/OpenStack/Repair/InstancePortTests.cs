using Faafo.OpenStack;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Repair;

/// <summary>Ports that someone deleted, and ports and addresses whose deletion failed.</summary>
public sealed class InstancePortTests : RepairTest
{
    private OpenStackClient _client = null!;
    private SharedInfrastructure _infrastructure = null!;
    private OpenStackInstances _instances = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _client = Cloud.Client();
    }

    [Fact]
    public async Task Port_that_was_deleted_is_made_again_with_its_address()
    {
        await StartAsync(Balancing.HAProxy);
        var address = AddressOf("faafo-app-lb");
        Cloud.Network.Ports.RemoveAll(port => (string?)port["name"] == "faafo-app-lb");

        var error = await Assert.ThrowsAsync<ProviderException>(() => _instances.CreateAsync(Flock.Balancers, "app-lb", Ct));
        Assert.Contains("could not be found", error.Message, StringComparison.Ordinal);
        await _instances.CreateAsync(Flock.Balancers, "app-lb", Ct);

        Assert.Equal(address, AddressOf("faafo-app-lb"));
        Assert.Equal($"http://{address}/", _infrastructure.Settings.Endpoint.AbsoluteUri);
        Assert.Single(Cloud.Compute.Servers);
    }

    [Fact]
    public async Task Instances_get_the_new_address_when_the_old_one_was_given_away()
    {
        await StartAsync(Balancing.HAProxy);
        var address = AddressOf("faafo-app-lb");
        var port = Cloud.Network.Ports.Find(one => (string?)one["name"] == "faafo-app-lb")!;
        (port["id"], port["name"], port["description"]) = ("theirs", "theirs", "");

        await Assert.ThrowsAsync<ProviderException>(() => _instances.CreateAsync(Flock.Balancers, "app-lb", Ct));
        await _instances.CreateAsync(Flock.Balancers, "app-lb", Ct);

        Assert.NotEqual(address, AddressOf("faafo-app-lb"));
        Assert.Equal($"http://{AddressOf("faafo-app-lb")}/", _infrastructure.Settings.Endpoint.AbsoluteUri);
        Assert.Contains($"  the address {address} of app-lb is no longer free: instances that know it must be rolled", Progress);
    }

    [Theory]
    [InlineData("/floatingips/")]
    [InlineData("/members/")]
    [InlineData("/ports/")]
    public async Task Address_that_could_not_be_released_is_released_by_the_next_round(string failing)
    {
        await StartAsync(Balancing.Octavia);
        var api = Flock.Apis with { FloatingIP = true };
        Flock = Flock with { Apis = api };
        await StartAsync(Balancing.Octavia);
        var created = await _instances.CreateAsync(api, "app-api-3", Ct);
        FakeCompute.Finish(Cloud.Compute.Servers[0], "ACTIVE");
        Assert.Equal(4, Cloud.Network.FloatingIPs.Count);
        var last = failing switch
        {
            "/floatingips/" => Cloud.Network.FloatingIPs[^1]["id"],
            "/members/" => Cloud.Balancers.Parts.Members[^1]["id"],
            _ => Cloud.Network.Ports[^1]["id"],
        };
        Cloud.Inject("DELETE", $"{failing}{last}", Fault.Status(403, "{}"));

        await Assert.ThrowsAsync<ProviderException>(() => _instances.DeleteAsync(created, Ct));
        Assert.Empty(Cloud.Compute.Servers);
        Assert.Contains(Cloud.Network.Ports, port => (string?)port["name"] == "faafo-app-api-3");
        await _instances.RepairAsync(Ct);

        Assert.DoesNotContain(Cloud.Network.Ports, port => (string?)port["name"] == "faafo-app-api-3");
        Assert.Equal(3, Cloud.Network.FloatingIPs.Count);
        Assert.Equal(2, Cloud.Balancers.Parts.Members.Count);
        var requests = Cloud.Requests.Count;
        await _instances.RepairAsync(Ct);
        Assert.Equal(requests, Cloud.Requests.Count);
    }

    [Fact]
    public async Task Port_whose_name_is_used_again_is_not_released()
    {
        await StartAsync(Balancing.Octavia);
        var created = await _instances.CreateAsync(Flock.Apis, "app-api-3", Ct);
        FakeCompute.Finish(Cloud.Compute.Servers[0], "ACTIVE");
        Cloud.Inject("DELETE", $"/ports/{Cloud.Network.Ports[^1]["id"]}", Fault.Status(403, "{}"));
        await Assert.ThrowsAsync<ProviderException>(() => _instances.DeleteAsync(created, Ct));

        await _instances.CreateAsync(Flock.Apis, "app-api-3", Ct);
        await _instances.RepairAsync(Ct);

        Assert.Contains(Cloud.Network.Ports, port => (string?)port["name"] == "faafo-app-api-3");
        Assert.Equal(3, Cloud.Balancers.Parts.Members.Count);
    }

    [Theory]
    [InlineData("released")]
    [InlineData("moved")]
    public async Task Reused_address_that_the_project_took_back_does_not_stop_the_release(string how)
    {
        Flock = Flock with { Apis = Flock.Apis with { FloatingIP = true } };
        await StartAsync(Balancing.Octavia);
        var reused = Cloud.Network.AddFloatingIP(description: "of the project");
        var created = await _instances.CreateAsync(Flock.Apis, "app-api-3", Ct);
        FakeCompute.Finish(Cloud.Compute.Servers[0], "ACTIVE");
        Assert.NotNull((string?)reused["port_id"]);
        Cloud.Inject("GET", $"/floatingips/{reused["id"]}", (_, work) =>
        {
            if (how == "released")
            {
                Cloud.Network.FloatingIPs.Remove(reused);
            }
            reused["port_id"] = "theirs";
            return work();
        });

        await _instances.DeleteAsync(created, Ct);

        Assert.Equal("theirs", (string?)reused["port_id"]);
        Assert.DoesNotContain(Cloud.Network.Ports, port => (string?)port["name"] == "faafo-app-api-3");
    }

    private string? AddressOf(string port) =>
        (string?)Cloud.Network.Ports.Find(one => (string?)one["name"] == port)!["fixed_ips"]![0]!["ip_address"];

    private async Task StartAsync(Balancing balancing)
    {
        Flock = Flock with { Balancing = balancing, Bundle = new BundleSource(new Uri("http://b/"), new string('a', 64)) };
        _infrastructure = await EnsureAsync(_client, Ct);
        _instances = new OpenStackInstances(_client, Flock, Names, _infrastructure, External);
    }
}
