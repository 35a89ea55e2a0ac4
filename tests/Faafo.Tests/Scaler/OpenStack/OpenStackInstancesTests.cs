using System.Text.Json.Nodes;
using Faafo.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

/// <summary>The control loop over a cloud that loses responses, fails and rejects requests on demand.</summary>
public sealed class OpenStackInstancesTests : IAsyncLifetime
{
    private const string Forbidden = """
        {"forbidden":{"code":403,"message":"Quota exceeded for instances: Requested 1, but already used 2 of 2 instances"}}
        """;

    private readonly string _file = Path.GetTempFileName();
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _progress = new();
    private readonly StubApi _api = new();
    private readonly RecordingLogger<ControlLoop> _log = new();
    private readonly ResourceNames _names = new("faafo", "p1", "One");
    private TestKit.OpenStack.FakeOpenStack _cloud = null!;
    private Faafo.OpenStack.OpenStackClient _client = null!;
    private SharedInfrastructure _infrastructure = null!;
    private ControlLoop _loop = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_file, $$"""
            cloud: fake
            transport_url: amqp://queue/
            database_url: postgresql://database/faafo
            bundle: {url: "http://bundles.test/faafo.tar.gz", sha256: {{new string('a', 64)}} }
            groups: {api: {min: 1}, worker: {min: 0} }
            """, Ct);
        _cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        _client = _cloud.Client();
        var flocks = new FlockSpecMonitor(_file, new RecordingLogger<FlockSpecMonitor>());
        var groups = flocks.Current.AllGroups.Select(group => group.Name).ToArray();
        var external = new ExternalResources(
            groups.ToDictionary(name => name, _ => new Image { Id = "i", Name = "debian", Status = "active" }),
            groups.ToDictionary(name => name, _ => new Flavor { Id = "f", Name = "small", Vcpus = 1, Ram = 1024 }),
            new Network { Id = "n1", Name = "inside" }, new Network { Id = "ext", Name = "internet" }, new Dictionary<string, string>(),
            new ComputeLimits(), new Dictionary<string, QuotaUsage>(), FreeFloatingIPs: 0);
        _infrastructure = new SharedInfrastructure(_client, flocks.Current, _names, external, _progress.Enqueue);
        var instances = new OpenStackInstances(_client, flocks.Current, _names, _infrastructure, external);
        _loop = new ControlLoop(flocks, instances, _api.Client, _cloud.Time, _log);
    }

    [Fact]
    public async Task Created_resources_are_reported_and_existing_ones_are_not()
    {
        await SecretStore.EnsureContainerAsync(_client, _names, _names.Container, _progress.Enqueue, Ct);
        await _infrastructure.EnsureAsync(Ct);

        string[] created = ["+ application credential faafo", "+ container faafo", "+ container faafo-images",
            "+ floating address 172.24.0.7 of app-api-1", "+ port faafo-app-api-1 (10.0.0.6)",
            "+ rule of faafo-api: tcp 22 from anywhere", "+ rule of faafo-api: tcp 80 from anywhere",
            "+ rule of faafo-worker: tcp 22 from anywhere", "+ security group faafo-api", "+ security group faafo-worker"];
        Assert.Equal(created, _progress.Order(StringComparer.Ordinal));

        await SecretStore.EnsureContainerAsync(_client, _names, _names.Container, _progress.Enqueue, Ct);
        await _infrastructure.EnsureAsync(Ct);
        Assert.Equal(created.Length, _progress.Count);
    }

    [Fact]
    public async Task Administrator_does_not_adopt_resources_of_another_project()
    {
        _cloud.IsAdmin = true;
        JsonObject Theirs(string id, string name, params (string Key, JsonNode Value)[] more) =>
            new([new("id", id), new("name", name), new("description", _names.Mark), new("project_id", "p2"),
                .. more.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))]);
        _cloud.Network.Groups.Add(Theirs("sg", "faafo-api", ("security_group_rules", new JsonArray())));
        var address = new JsonObject { ["subnet_id"] = "s2", ["ip_address"] = "10.9.9.9" };
        _cloud.Network.Ports.Add(Theirs(
            "port", "faafo-app-api-1", ("network_id", "n1"), ("status", "DOWN"), ("fixed_ips", new JsonArray(address))));

        await _infrastructure.EnsureAsync(Ct);

        Assert.DoesNotContain("10.9.9.9", _infrastructure.Settings.ApiAddresses);
        Assert.Equal(2, _cloud.Network.Ports.Count);
        Assert.Equal(2, _cloud.Network.Groups.Count(group => (string?)group["name"] == "faafo-api"));
        Assert.Empty(_cloud.Network.Groups[0]["security_group_rules"]!.AsArray());
    }

    [Fact]
    public async Task Server_whose_response_was_lost_is_found_by_the_next_round()
    {
        await _infrastructure.EnsureAsync(Ct);
        await TickAsync();
        Override(FlockSpec.Worker, 1);
        // Listing fails for a while, so the server is not found at once.
        _cloud.Inject("POST", "/servers", async (context, work) =>
        {
            // Before the response is lost: the client looks for its server right after.
            _cloud.Inject("GET", "/servers/detail", Fault.Status(500), times: 5);
            await Fault.LostReply(context, work);
        });

        await TickAsync();
        Assert.Contains(_log.All, line => line.StartsWith("Provider failed: cannot create app-worker-1: ", StringComparison.Ordinal));
        for (var second = 0; second < 5; second++)
        {
            await TickAsync();
        }

        Assert.Single(Servers("app-worker-1"));
        Assert.Equal(2, _cloud.Seen("POST", "/servers").Count);
        Assert.Contains("0 ready, 1 booting", _loop.Latest.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Younger_of_two_servers_with_one_name_is_deleted_by_its_id()
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Worker, 1);
        await TickAsync();
        // The first attempt of a killed scaler appears late.
        var kept = Servers("app-worker-1").Single();
        var late = kept.DeepClone().AsObject();
        (late["id"], late["created"]) = ("late", "2030-01-03T00:00:00Z");
        _cloud.Compute.Servers.Add(late);

        await TickAsync();

        Assert.Equal((string?)kept["id"], (string?)Servers("app-worker-1").Single()["id"]);
        Assert.Single(_cloud.Seen("DELETE", "/servers/late"));
    }

    [Fact]
    public async Task Server_in_ERROR_is_replaced_after_growing_pauses_and_its_fault_is_logged()
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Worker, 1);
        var made = new HashSet<string>();
        for (var second = 0; second < 60; second++)
        {
            await TickAsync();
            foreach (var server in Servers("app-worker-1").Where(one => (string?)one["status"] == "BUILD"))
            {
                made.Add((string)server["id"]!);
                FakeCompute.Finish(server, "ERROR");
            }
        }

        // Each failure is observed a second later; the pauses are 0, 2, 4, 8, 16 and 32 s.
        Assert.Equal(6, made.Count);
        Assert.All(made, id => Assert.Single(_cloud.Seen("DELETE", "/servers/" + id)));
        Assert.Contains("Removing app-worker-1: it died", _log.All);
        Assert.Contains(_log.All, line => line.EndsWith("No valid host was found.", StringComparison.Ordinal));
        Assert.Contains("the last 6 failed, next try in ", _loop.Latest.Decision, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.All, line => line.StartsWith("Provider failed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SHUTOFF"), InlineData("PAUSED"), InlineData("SUSPENDED"), InlineData("SHELVED"), InlineData("SHELVED_OFFLOADED")]
    [InlineData("RESCUE"), InlineData("RESIZE"), InlineData("VERIFY_RESIZE"), InlineData("REVERT_RESIZE"), InlineData("MIGRATING")]
    [InlineData("REBUILD"), InlineData("REBOOT"), InlineData("HARD_REBOOT"), InlineData("PASSWORD"), InlineData("UNKNOWN")]
    [InlineData("A_STATUS_OF_LATER")]
    public async Task Server_that_an_operator_stopped_or_changes_is_left_alone_and_another_is_added(string status)
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Worker, 1);
        await TickAsync();
        var server = Servers("app-worker-1").Single();
        FakeCompute.Finish(server, status);

        await TickAsync();
        await TickAsync(3600);
        await TickAsync(1);

        Assert.Empty(_cloud.Seen("DELETE", $"/servers/{server["id"]}"));
        Assert.Equal(status, _loop.Latest.Instances.Single(one => one.Name == "app-worker-1").Held);
        Assert.Contains(_loop.Latest.Instances, one => one.Name == "app-worker-2");
        Assert.EndsWith(", 1 unavailable", _loop.Latest.Decision.Split(';')[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ACTIVE", "powering-off", false)]
    [InlineData("ACTIVE", null, true)]
    [InlineData("ERROR", null, true)]
    public async Task Server_that_is_being_changed_or_is_locked_is_left_alone(string status, string? task, bool isLocked)
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Worker, 1);
        await TickAsync();
        var server = Servers("app-worker-1").Single();
        FakeCompute.Finish(server, status);
        (server["OS-EXT-STS:task_state"], server["locked"]) = (task, isLocked);

        await TickAsync();
        await TickAsync(3600);

        Assert.Empty(_cloud.Seen("DELETE", $"/servers/{server["id"]}"));
        Assert.Equal(isLocked ? $"{status}, locked" : $"{status}, {task}",
            _loop.Latest.Instances.Single(one => one.Name == "app-worker-1").Held);
    }

    [Fact]
    public async Task Server_that_an_operator_stops_before_its_deletion_is_left_alone()
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Worker, 1);
        await TickAsync();
        var server = Servers("app-worker-1").Single();
        FakeCompute.Finish(server, "ERROR");
        _cloud.Inject("GET", $"/servers/{server["id"]}", (_, work) =>
        {
            server["status"] = "SHUTOFF";
            return work();
        });

        await TickAsync();

        Assert.Empty(_cloud.Seen("DELETE", $"/servers/{server["id"]}"));
        Assert.Contains(_log.All, line => line.EndsWith("an operator holds it, it is SHUTOFF now (Conflict)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exhausted_quota_is_logged_with_the_message_of_nova_and_retried_after_growing_pauses()
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Worker, 1);
        await TickAsync();
        Override(FlockSpec.Worker, 2);
        _cloud.Inject("POST", "/servers", Fault.Status(403, Forbidden), times: 7);
        for (var second = 0; second < 100; second++)
        {
            await TickAsync();
        }

        // At 0, 1, 3, 7, 15, 31 and 63 s.
        Assert.Equal(7, _log.All.Count(line => line.StartsWith("Provider failed: cannot create app-worker-2: ", StringComparison.Ordinal)
            && line.Contains("Quota exceeded for instances: Requested 1, but already used 2 of 2 instances", StringComparison.Ordinal)));
        Assert.Equal(2, _cloud.Compute.Servers.Count);

        await TickAsync(60);
        Assert.Equal(3, _cloud.Compute.Servers.Count);
    }

    [Theory]
    [InlineData("GET")]         // deleted before it is read
    [InlineData("DELETE")]      // deleted between reading and deleting
    public async Task Server_that_someone_else_deleted_counts_as_deleted(string method)
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Worker, 1);
        await TickAsync();
        var server = Servers("app-worker-1").Single();
        var path = $"/servers/{server["id"]}";
        FakeCompute.Finish(server, "ERROR");
        // The console tail is fetched first, which reads the server too.
        if (method == "GET")
        {
            _cloud.Inject("GET", path, (_, work) => work());
        }
        _cloud.Inject(method, path, (context, work) =>
        {
            _cloud.Compute.Servers.Remove(server);
            return work();
        });

        await TickAsync();

        Assert.Equal("BUILD", (string?)Servers("app-worker-1").Single()["status"]);
        Assert.Contains("DELETE v1/nodes/app-worker-1", _api.Changes);
        Assert.DoesNotContain(_log.All, line => line.StartsWith("Provider failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Floating_ip_whose_response_was_lost_is_found_instead_of_a_second_one()
    {
        _cloud.Inject("POST", "/floatingips", Fault.LostReply);
        await _infrastructure.EnsureAsync(Ct);

        Assert.Equal(_names.Mark, (string?)_cloud.Network.FloatingIPs.Single()["description"]);
        Assert.Equal([new Uri($"http://{_cloud.Network.FloatingIPs.Single()["floating_ip_address"]}/")], _infrastructure.Endpoints);
    }

    [Theory]
    [InlineData("/ports")]
    [InlineData("/floatingips")]
    public async Task Failed_address_of_an_api_is_retried_and_created_once(string path)
    {
        await _infrastructure.EnsureAsync(Ct);
        Override(FlockSpec.Api, 2);
        _cloud.Inject("POST", path, async (context, work) =>
        {
            _cloud.Inject("GET", path, Fault.Status(500), times: 5);
            await Fault.LostReply(context, work);
        });

        await TickAsync(5);
        for (var second = 0; second < 5; second++)
        {
            await TickAsync();
        }

        Assert.Equal(["app-api-1", "app-api-2"], _loop.Latest.Instances.Where(one => one.Group == FlockSpec.Api).Select(one => one.Name));
        Assert.Equal(2, _cloud.Network.Ports.Count);
        Assert.Equal(2, _cloud.Network.FloatingIPs.Count);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        _api.Dispose();
        await _client.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    private JsonObject[] Servers(string name) => [.. _cloud.Compute.Servers.Where(one => (string?)one["name"] == name)];

    private void Override(string group, int size)
    {
        _api.Orders.RemoveAll(one => one.Group == group);
        _api.Orders.Add(new GroupOverrides(group, Paused: false, size));
    }

    private async Task TickAsync(int seconds = 1)
    {
        _cloud.Time.Advance(TimeSpan.FromSeconds(seconds));
        await _loop.TickAsync(Ct);
    }
}
