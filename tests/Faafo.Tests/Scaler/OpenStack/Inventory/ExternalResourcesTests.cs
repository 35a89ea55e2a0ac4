using Faafo.Options;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Inventory;

public sealed class ExternalResourcesTests : IAsyncLifetime
{
    private const string Limits = """{"limits":{"absolute":{"maxTotalInstances":10,"maxTotalCores":20,"maxTotalRAMSize":-1}}}""";
    private const string Zones = """
        {"availabilityZoneInfo":[{"zoneName":"nova","zoneState":{"available":true}},{"zoneName":"east","zoneState":{"available":true}},
        {"zoneName":"west","zoneState":{"available":false}}]}
        """;

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("faafo-test-").FullName, "flock.yaml");
    private TestKit.OpenStack.FakeOpenStack _cloud = null!;
    private Faafo.OpenStack.OpenStackClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        _cloud.Answer("GET", "/compute/v2.1/limits", Limits);
        _cloud.Answer("GET", "/compute/v2.1/os-availability-zone", Zones);
        _cloud.Answer("GET", "/compute/v2.1/flavors/detail", """
            {"flavors":[{"id":"1","name":"tiny","ram":512,"vcpus":1,"disk":1},{"id":"2","name":"small","ram":2048,"vcpus":1,"disk":4},
            {"id":"3","name":"large","ram":4096,"vcpus":2,"disk":40},{"id":"4","name":"diskless","ram":8192,"vcpus":4,"disk":0}]}
            """);
        Image("\"min_ram\":1024,\"min_disk\":4,\"size\":3221225473");
        _client = _cloud.Client();
    }

    [Theory]
    [InlineData("groups:\n  worker:\n    availability_zones: [nova, north]",
        "3:32: groups.worker.availability_zones.1: no zone 'north' is available; choose from: nova, east")]
    [InlineData("groups: {api: {availability_zones: west}}",
        "1:36: groups.api.availability_zones.0: no zone 'west' is available; choose from: nova, east")]
    [InlineData("flavor: tiny",
        "1:9: flavor: tiny (512 MiB of memory, 1 GiB of disk) is too small for the image debian, which needs 1024 MiB and 4 GiB")]
    [InlineData("groups:\n  api: {flavor: tiny}",
        "2:17: groups.api.flavor: tiny (512 MiB of memory, 1 GiB of disk) "
            + "is too small for the image debian, which needs 1024 MiB and 4 GiB")]
    [InlineData("flavor: huge", "1:9: flavor: there is no flavor with the name or id 'huge'")]
    [InlineData("image: windows\nflavor: small", "1:8: image: there is no image with the name or id 'windows'")]
    [InlineData("groups: {worker: {security_groups: [a]}}",
        "1:37: groups.worker.security_groups.0: there is no security group with the name or id 'a'")]
    [InlineData("network: elsewhere", "1:10: network: there is no network with the name or id 'elsewhere'")]
    [InlineData("name: f\nkey_pair: mine", "2:11: key_pair: there is no key pair 'mine' in the cloud fake; "
        + "'openstack keypair list' shows which there are, and public_key_file makes one")]
    public async Task Missing_resource_is_reported_with_its_place_in_the_file(string text, string message)
    {
        Assert.Equal($"{_file}:{message}", await RejectedAsync(text));
    }

    [Fact]
    public async Task Administrator_does_not_get_the_network_of_another_project()
    {
        _cloud.IsAdmin = true;
        foreach (var (id, name) in new[] { ("n2", "theirs"), ("n3", "inside") })
        {
            _cloud.Network.Networks.Add(
                new() { ["id"] = id, ["name"] = name, ["router:external"] = false, ["status"] = "ACTIVE", ["project_id"] = "p2" });
        }

        Assert.Equal("n1", (await FindAsync("name: faafo")).Network!.Id);
        Assert.Equal($"{_file}:1:10: network: the network theirs (n2) belongs to another project, and is neither shared nor external",
            await RejectedAsync("network: theirs"));
    }

    [Theory]
    [InlineData("\"min_ram\":4097,\"min_disk\":1,\"size\":1", "large", "4097 MiB and 1 GiB")]
    [InlineData("\"min_ram\":0,\"min_disk\":41,\"size\":1", "large", "0 MiB and 41 GiB")]
    [InlineData("\"min_ram\":0,\"min_disk\":0,\"size\":4294967297", "small", "0 MiB and 5 GiB")]
    public async Task Image_larger_than_the_named_flavor_is_rejected(string image, string flavor, string needs)
    {
        Image(image);

        var message = await RejectedAsync($"flavor: {flavor}");
        Assert.EndsWith($" is too small for the image debian, which needs {needs}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"min_ram\":0,\"min_disk\":0,\"size\":null", "small")]
    [InlineData("\"min_ram\":0,\"min_disk\":5,\"size\":1", "large")]
    [InlineData("\"min_ram\":0,\"min_disk\":41,\"size\":1", "diskless")]      // it takes a disk of the image's size
    public async Task Smallest_flavor_that_fits_the_image_is_chosen(string image, string flavor)
    {
        Image(image);

        Assert.All((await FindAsync("")).Flavors.Values, one => Assert.Equal(flavor, one.Name));
    }

    [Fact]
    public async Task Choice_that_is_not_clear_lists_the_choices_and_the_way_out()
    {
        _cloud.Answer("GET", "/image/v2/images",
            """{"images":[{"id":"i","name":"debian","status":"active"},{"id":"j","name":"alpine","status":"active"}]}""");
        Assert.Equal($"{_file}:1:1: image: there are several images; choose one of: alpine, debian", await RejectedAsync("name: f"));

        Image("\"size\":1");
        _cloud.Network.Networks.Clear();
        Assert.EndsWith("external_network: there is no external network to choose; floating_ip: false does without",
            await RejectedAsync("name: f"), StringComparison.Ordinal);
        Assert.EndsWith("network: there is no network to choose; 'networks' creates some",
            await RejectedAsync("groups: {api: {floating_ip: false}}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quota_usage_is_empty_if_the_cloud_hides_it()
    {
        Assert.Empty((await FindAsync("")).NetworkLimits);

        _cloud.Answer("GET", "/network/v2.0/quotas/p1/details", """{"quota":{"port":{"used":1,"limit":9,"reserved":0}}}""");
        Assert.Equal(9, (await FindAsync("")).NetworkLimits["port"].Limit);
    }

    [Fact]
    public async Task Octavia_that_rejects_the_user_is_reported_first()
    {
        _cloud.Inject("GET", "/lb/v2/lbaas/loadbalancers", Fault.Status(403,
            """{"faultcode":"Client","faultstring":"Policy does not allow this request to be performed.","debuginfo":null}"""));
        Assert.Equal($"{_file}:2:5: lb: the cloud fake does not let you use load balancers "
            + "(Policy does not allow this request to be performed.): ask for the role load-balancer_member, or use lb: haproxy",
            await RejectedAsync("name: f\nlb: octavia"));

        await FindAsync("lb: octavia");
    }

    [Fact]
    public async Task Octavia_is_required_only_for_lb_octavia()
    {
        _cloud.Without.Add("load-balancer");

        Assert.Equal($"{_file}:1:5: lb: the cloud fake has no load-balancer service; lb: haproxy does without",
            await RejectedAsync("lb: octavia"));
        await FindAsync("lb: haproxy");
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
        await _client.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    private void Image(string properties) => _cloud.Answer(
        "GET", "/image/v2/images", $$"""{"images":[{"id":"i","name":"debian","status":"active",{{properties}}}]}""");

    private async Task<ExternalResources> FindAsync(string text)
    {
        await File.WriteAllTextAsync(_file, text + "\ncloud: fake\n", Ct);
        var flocks = new FlockSpecMonitor(_file, new RecordingLogger<FlockSpecMonitor>());
        return await ExternalResources.FindAsync(_client, flocks.Current, flocks.PlaceOf, Ct);
    }

    private async Task<string> RejectedAsync(string text) => (await Assert.ThrowsAsync<FailureException>(() => FindAsync(text))).Message;
}
