using System.Text;
using System.Text.Json.Nodes;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

/// <summary>A flock beside one of the same name in another project, with the login of an administrator, who sees both.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private const string Container = "faafo";

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-ownership-").FullName;
    private readonly ResourceNames _names = new("faafo", "p1", "One", "0123456789ab");
    private readonly WaitingTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private TestKit.OpenStack.FakeOpenStack _cloud = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        _cloud.IsAdmin = true;
        await File.WriteAllTextAsync(Path.Combine(_folder, "flock.yaml"), "cloud: fake", Ct);
    }

    [Fact]
    public async Task Down_deletes_its_own_resources_and_none_of_another_project()
    {
        AddFlock("p1", _names.Mark);
        AddFlock("p2", _names.Mark);
        await RegisterAsync();

        var (code, output) = await DownAsync();

        Assert.True(code == CommandLine.Done, output);
        Assert.Equal(["p2-balancer", "p2-fip", "p2-group", "p2-network", "p2-port", "p2-router", "p2-server", "p2-subnet"], Left());
        Assert.DoesNotContain(Container, _cloud.Swift.Containers);
    }

    [Fact]
    public async Task Down_retries_a_port_that_is_still_being_unplugged()
    {
        AddFlock("p1", _names.Mark);
        await RegisterAsync();
        _cloud.Inject("DELETE", "/p1-port", TestKit.OpenStack.Fault.Status(409,
            """{"NeutronError":{"type":"PortInUse","message":"Port p1-port is still plugged.","detail":""}}"""), times: 5);

        var (code, output) = await DownAsync();

        Assert.True(code == CommandLine.Done, output);
        Assert.Contains("- port faafo-app-api-1", output, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Theory]
    [InlineData("made by faafo-scaler for flock=faafo2")]
    [InlineData("made by faafo-scaler for flock=faafo ")]
    [InlineData("made by faafo-scaler for flock=faafo")]
    [InlineData("made by faafo-scaler for flock=faafo id=ba9876543210", "faafo", "flock=faafo", "flock-id=ba9876543210")]
    [InlineData("", "faafo", "flock=faafo")]
    public async Task Down_keeps_similar_resources_of_its_own_project(string description, params string[] tags)
    {
        AddFlock("p1", description, tags.Length > 0 ? tags : ["flock=faafo2", "faafo"]);
        await RegisterAsync();

        var (code, output) = await DownAsync();

        Assert.True(code == CommandLine.Done, output);
        Assert.Equal(8, Left().Length);
    }

    [Fact]
    public async Task Server_without_its_tag_is_not_deleted()
    {
        AddFlock("p1", _names.Mark);
        await using var client = _cloud.Client();
        var instances = new OpenStackInstances(client, new FlockSpec(), _names);
        var worker = (await instances.ListAsync(Ct)).Single();
        _cloud.Compute.Servers.Single()["tags"] = new JsonArray("faafo");

        var error = await Assert.ThrowsAsync<ProviderException>(() => instances.DeleteAsync(worker, Ct));

        Assert.Equal(ProviderErrorKind.Forbidden, error.Kind);
        Assert.Equal("cannot delete app-worker-1: server p1-server does not carry the tags flock=faafo and flock-id=0123456789ab, "
            + "or is another project's", error.Message);
        Assert.Single(_cloud.Compute.Servers);
    }

    [Fact]
    public async Task Down_stops_when_it_loses_its_lease()
    {
        AddFlock("p1", _names.Mark);
        await RegisterAsync();
        var lease = $"{Container}/{LeaderLease.Object}";
        _cloud.Inject("DELETE", "/p1-server", async (_, work) =>
        {
            await work();
            // Another scaler takes the lease while this one deletes servers; it notices at its next renewal.
            var held = Encoding.UTF8.GetString(_cloud.Swift.Objects[lease].Content);
            var taken = held.Replace("\"Id\":\"", "\"Id\":\"another-", StringComparison.Ordinal);
            _cloud.Swift.Objects[lease] = (Encoding.UTF8.GetBytes(taken), "application/json", []);
            _time.Advance(LeaderLease.Times.RenewInterval);
            await Eventually.TrueAsync("the renewal", _ => Task.FromResult(_cloud.Seen("GET", $"/{LeaderLease.Object}").Count >= 3));
        });

        var error = await Assert.ThrowsAsync<FailureException>(() => DownAsync());

        Assert.StartsWith("another scaler has taken over the flock 'faafo' (a scaler (process ", error.Message, StringComparison.Ordinal);
        Assert.Contains("another-", Encoding.UTF8.GetString(_cloud.Swift.Objects[lease].Content), StringComparison.Ordinal);
        Assert.Contains(Container, _cloud.Swift.Containers);
        Assert.Equal(7, Left().Length);
    }

    [Fact]
    public async Task Down_keeps_objects_of_others_in_its_container()
    {
        await RegisterAsync();
        _cloud.Swift.Objects[$"{Container}/letters"] = ([1], "text/plain", []);
        _cloud.Swift.Objects[$"{Container}/secret"] = ([2], "text/plain", new() { ["X-Object-Meta-Flock-Id"] = "ba9876543210" });
        _cloud.Swift.Objects[$"{Container}/bundle-1.tar.gz"] = ([3], "text/plain", new() { ["X-Object-Meta-Flock-Id"] = _names.Id });

        var (code, output) = await DownAsync();

        Assert.Equal(CommandLine.Done, code);
        Assert.Equal([$"{Container}/letters", $"{Container}/secret"], _cloud.Swift.Objects.Keys);
        Assert.Contains("  container faafo is kept: the flock did not store its objects letters, secret", output, StringComparison.Ordinal);
        Assert.Contains(Container, _cloud.Swift.Containers);
    }

    [Fact]
    public async Task Down_that_keeps_the_pictures_keeps_the_id_that_their_container_carries()
    {
        await RegisterAsync();
        await using var client = _cloud.Client();
        await SecretStore.EnsureContainerAsync(client, _names, _names.Images, _ => { }, Ct);
        _cloud.Swift.Objects[$"{_names.Images}/1.png"] = ([1], "image/png", []);

        Assert.Equal(CommandLine.Done, (await DownAsync()).ExitCode);

        Assert.Equal(_names.Id, (await ResourceNames.OfAsync(client, "faafo", Ct)).Id);
        Assert.Equal(CommandLine.Done, (await DownAsync(images: true)).ExitCode);
        Assert.Empty(_cloud.Swift.Containers);
        Assert.Empty(_cloud.Swift.Objects);
    }

    [Fact]
    public async Task Down_of_a_flock_without_a_container_names_the_servers_of_the_same_name()
    {
        AddFlock("p1", _names.Mark);

        var (code, output) = await DownAsync();

        Assert.Equal(CommandLine.Done, code);
        Assert.Contains("1 servers of this project belong to other flocks of this name (0123456789ab) and are left alone",
            output, StringComparison.Ordinal);
        Assert.Equal(8, Left().Length);
    }

    [Fact]
    public async Task Down_with_the_id_of_a_flock_whose_container_was_deleted_deletes_it()
    {
        AddFlock("p1", _names.Mark);
        await File.WriteAllTextAsync(Path.Combine(_folder, "flock.yaml"), $"cloud: fake\nid: {_names.Id}", Ct);

        var (code, output) = await DownAsync();

        Assert.True(code == CommandLine.Done, output);
        Assert.Empty(Left());
        Assert.Empty(_cloud.Swift.Containers);
    }

    [Fact]
    public async Task Down_of_a_flock_of_an_earlier_version_deletes_what_carries_its_old_marks()
    {
        AddFlock("p1", "made by faafo-scaler for flock=faafo", "faafo", "flock=faafo", "group=worker");
        _cloud.Swift.Containers.Add(Container);
        _cloud.Swift.ContainerMetadata[Container] = new() { ["X-Container-Meta-Flock"] = "faafo", ["X-Container-Meta-Region"] = "One" };
        _cloud.Swift.Objects[$"{Container}/secret"] = ([1], "text/plain", []);

        var (code, output) = await DownAsync();

        Assert.True(code == CommandLine.Done, output);
        Assert.Empty(Left());
        Assert.Empty(_cloud.Swift.Containers);
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RegisterAsync()
    {
        await using var client = _cloud.Client();
        await SecretStore.EnsureContainerAsync(client, _names, Container, _ => { }, Ct);
        await FlockRegistration.EnsureAsync(client, _names, id: null, _ => { }, Ct);
    }

    // One resource of each kind, with the name and the marks of a flock.
    private void AddFlock(string project, string description, params string[] tags)
    {
        var network = _cloud.Network;
        JsonObject Of(string kind, string name) => new()
        {
            ["id"] = $"{project}-{kind}",
            ["name"] = name,
            ["description"] = description,
            ["project_id"] = project,
            ["status"] = "ACTIVE",
        };
        JsonObject With(JsonObject resource, params (string Key, JsonNode Value)[] fields)
        {
            foreach (var (key, value) in fields)
            {
                resource[key] = value;
            }
            return resource;
        }
        network.Networks.Add(With(Of("network", "faafo-api"), ("router:external", false), ("subnets", new JsonArray($"{project}-subnet"))));
        network.Subnets.Add(With(
            Of("subnet", "faafo-api"), ("network_id", $"{project}-network"), ("cidr", "10.0.3.0/24"), ("ip_version", 4)));
        network.Routers.Add(Of("router", "faafo"));
        network.Groups.Add(With(Of("group", "faafo-api"), ("security_group_rules", new JsonArray())));
        network.Ports.Add(With(
            Of("port", "faafo-app-api-1"), ("network_id", $"{project}-network"), ("device_id", ""), ("fixed_ips", new JsonArray())));
        network.AddFloatingIP($"{project}-port", description, project)["id"] = $"{project}-fip";
        _cloud.Balancers.Listed.Add(With(Of("balancer", "faafo"), ("provisioning_status", "ACTIVE"), ("vip_port_id", $"{project}-vip")));
        var server = With(Of("server", "app-worker-1"), ("tenant_id", project), ("tags",
            new JsonArray([.. (tags.Length > 0 ? tags : ["faafo", .. _names.Tags, "group=worker"]).Select(tag => (JsonNode)tag)])));
        server.Remove("project_id");
        _cloud.Compute.Servers.Add(server);
    }

    private string[] Left() =>
    [
        .. _cloud.Network.Networks.Skip(2).Concat(_cloud.Network.Subnets).Concat(_cloud.Network.Routers).Concat(_cloud.Network.Groups)
            .Concat(_cloud.Network.Ports).Concat(_cloud.Network.FloatingIPs).Concat(_cloud.Balancers.Listed).Concat(_cloud.Compute.Servers)
            .Select(one => (string)one["id"]!).Order(StringComparer.Ordinal),
    ];

    private async Task<(int ExitCode, string Output)> DownAsync(bool images = false)
    {
        using var output = new StringWriter();
        using var log = new RunLog(_folder, output, _time);
        var flocks = new FlockSpecMonitor(Path.Combine(_folder, "flock.yaml"), new RecordingLogger<FlockSpecMonitor>());
        var options = new ScalerOptions(_folder, null, null, new Uri("http://127.0.0.1:1/"));
        var deployment = new OpenStackDeployment(options, flocks, log, NullLoggerFactory.Instance, _time, _ => _cloud.Client());
        var down = deployment.DownAsync(images, Ct);
        await Eventually.TrueAsync("the lease settles", _ => Task.FromResult(down.IsCompleted || _time.Waiting > 0));
        _time.Advance(LeaderLease.Times.SettleTime);
        return (await down, output.ToString());
    }
}
