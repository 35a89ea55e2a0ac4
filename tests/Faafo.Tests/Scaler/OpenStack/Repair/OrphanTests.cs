using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Repair;

/// <summary>What a killed scaler left: ports, floating addresses, credentials, and objects of the flock's container.</summary>
public sealed class OrphanTests : RepairTest
{
    [Fact]
    public async Task Floating_address_at_no_port_is_deleted_and_that_of_the_project_stays()
    {
        await EnsureAsync();
        Cloud.Network.AddFloatingIP(description: Names.Mark);
        Cloud.Network.AddFloatingIP(description: "of the project");
        var theirs = Cloud.Network.AddFloatingIP(port: "of-a-server-of-theirs", description: Names.Mark);

        var orphan = Assert.Single(await PlanAsync());
        Assert.StartsWith("- floating address 172.24.0.", orphan, StringComparison.Ordinal);
        await EnsureAsync();

        Assert.Equal(3, Cloud.Network.FloatingIPs.Count);
        Assert.Contains(theirs, Cloud.Network.FloatingIPs);
        Assert.Contains(Cloud.Network.FloatingIPs, one => (string?)one["description"] == "of the project");
    }

    [Fact]
    public async Task Second_port_of_an_instance_is_deleted_unless_something_uses_it()
    {
        await EnsureAsync();
        var used = Cloud.Network.Ports.Find(port => (string?)port["name"] == "faafo-app-api-1")!;
        used["device_id"] = "server";
        Cloud.Network.Ports.Insert(0, Copy(used, "second", device: ""));
        Cloud.Network.Ports.Add(Copy(used, "third", device: "another"));

        await EnsureAsync();

        Assert.Equal(["- port faafo-app-api-1"], Progress.Where(line => line.Contains(" port ", StringComparison.Ordinal)));
        Assert.DoesNotContain(Cloud.Network.Ports, port => (string?)port["id"] == "second");
    }

    [Fact]
    public async Task Member_of_an_orphaned_port_goes_with_it()
    {
        await EnsureAsync();
        await using var client = Cloud.Client();
        var infrastructure = await EnsureAsync(client, Ct);
        await infrastructure.EnsurePortAsync(Flock.Apis, "app-api-4", Ct);
        Assert.Equal(3, Cloud.Balancers.Parts.Members.Count);

        Assert.Equal(["- member app-api-4 of load balancer faafo: no longer wanted", "- port faafo-app-api-4: no longer wanted"],
            await PlanAsync());
        await EnsureAsync();

        Assert.Equal(["- port faafo-app-api-4", "- member app-api-4 of load balancer faafo"], Progress);
    }

    [Theory]
    [InlineData(null, false)]           // no instance
    [InlineData("current", false)]      // one with the stored login
    [InlineData("spec=older", true)]    // one that may log in with another
    public async Task Credential_that_no_instance_uses_is_revoked(string? template, bool isKept)
    {
        await EnsureAsync();
        var lost = new FakeApplicationCredential("lost", "u1", "p1", $"{Names.Login}@1", Names.UserMark, "s");
        Cloud.Identity.Credentials.Add(lost);
        Cloud.Identity.Credentials.Add(lost with { Id = "of-another-flock", Description = "made for another" });
        if (template is not null)
        {
            await AddWorkerAsync(template);
        }

        Assert.Equal(!isKept, (await PlanAsync()).Contains("- application credential lost: no longer wanted"));
        await EnsureAsync();

        Assert.Equal(isKept, Cloud.Identity.Credentials.Contains(lost));
        Assert.Equal(isKept ? 3 : 2, Cloud.Identity.Credentials.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("<html>")]
    public async Task Object_that_cannot_be_read_is_replaced_and_does_not_stop_plan_and_down(string content)
    {
        await EnsureAsync();
        var mark = Cloud.Swift.Objects["faafo/secret"].Metadata;
        foreach (var name in (string[])["login.json", "secret", "bundle.json"])
        {
            Cloud.Swift.Objects[$"faafo/{name}"] = (System.Text.Encoding.UTF8.GetBytes(content), "text/plain", mark);
        }

        Assert.Contains("+ application credential faafo", await PlanAsync());
        await EnsureAsync();

        Assert.Single(Cloud.Identity.Credentials);
        Assert.Equal(64, Cloud.Swift.Objects["faafo/secret"].Content.Length);
        Assert.Empty(await PlanAsync());
    }

    [Fact]
    public async Task Secret_of_existing_services_is_not_replaced()
    {
        await EnsureAsync();
        Cloud.Swift.Objects.Remove("faafo/secret");
        Cloud.Compute.Servers.Add(Server("app-services", FlockSpec.Services));

        var error = await Assert.ThrowsAsync<FailureException>(EnsureAsync);

        Assert.StartsWith("the object faafo/secret is missing or damaged, and app-services has the passwords ", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("faafo/secret", Cloud.Swift.Objects.Keys);
    }

    [Fact]
    public async Task Response_without_a_checksum_is_not_an_object()
    {
        await EnsureAsync();
        Cloud.Inject("GET", "/faafo/login.json", Fault.Status(200, "<html>log in to the network first</html>"), times: 9);

        await Assert.ThrowsAnyAsync<OpenStackException>(EnsureAsync);

        Assert.Single(Cloud.Identity.Credentials);
    }

    [Fact]
    public async Task Run_removes_what_a_killed_scaler_left()
    {
        await EnsureAsync();
        Cloud.Answer("GET", "/compute/v2.1/limits", """{"limits":{"absolute":{}}}""");
        Cloud.Answer(
            "GET", "/compute/v2.1/flavors/detail", """{"flavors":[{"id":"f","name":"small","ram":2048,"vcpus":1,"disk":4}]}""");
        Cloud.Answer("GET", "/image/v2/images", """{"images":[{"id":"i","name":"debian","status":"active","size":1}]}""");
        Cloud.Compute.Servers.Add(Server("app-api-1", FlockSpec.Api));
        Cloud.Network.Ports.Add(Copy(
            Cloud.Network.Ports.Find(port => (string?)port["name"] == "faafo-app-api-1")!, "orphan", device: ""));
        Cloud.Network.Ports[^1]["name"] = "faafo-app-api-3";
        Cloud.Network.AddFloatingIP("orphan", Names.Mark);
        var folder = Directory.CreateTempSubdirectory("faafo-run-").FullName;
        var file = Path.Combine(folder, "flock.yaml");
        await File.WriteAllTextAsync(file, $"cloud: fake\nid: {Names.Id}\nlb: octavia\nnetworks: "
            + "{worker: 10.0.1.0/24, api: 10.0.2.0/24, services: 10.0.3.0/24}\ngroups: {worker: {min: 0}}", Ct);
        var time = new WaitingTimeProvider(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var output = new StringWriter();
        using var log = new RunLog(folder, output, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var api = new Uri("http://127.0.0.1:1/");
        var flocks = new FlockSpecMonitor(file, new RecordingLogger<FlockSpecMonitor>());
        var deployment = new OpenStackDeployment(
            new ScalerOptions(folder, file, null, api, api), flocks, log, NullLoggerFactory.Instance, time, _ => Cloud.Client());

        var run = deployment.RunAsync(stop.Token);
        await Eventually.TrueAsync("the lease settles", _ => Task.FromResult(run.IsCompleted || time.Waiting > 0));
        time.Advance(LeaderLease.Times.SettleTime);
        await Eventually.TrueAsync("the orphans are gone", _ => Task.FromResult(run.IsCompleted
            || !Cloud.Network.Ports.Exists(port => (string?)port["id"] == "orphan")));
        await stop.CancelAsync();
        await Task.WhenAny(run);

        Assert.False(Cloud.Network.Ports.Exists(port => (string?)port["id"] == "orphan"), $"{output}{run.Exception}");
        Assert.DoesNotContain(Cloud.Network.FloatingIPs, one => (string?)one["port_id"] == "orphan");
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("released")]
    [InlineData("moved")]
    public async Task Down_does_not_stop_at_a_reused_address_that_the_project_took_back(string how)
    {
        await EnsureAsync();
        var reused = Assert.Single(Cloud.Network.FloatingIPs);
        reused["description"] = "of the project";
        Cloud.Inject("GET", $"/floatingips/{reused["id"]}", (_, work) =>
        {
            if (how == "released")
            {
                Cloud.Network.FloatingIPs.Clear();
            }
            reused["port_id"] = "theirs";
            return work();
        });
        await using var client = Cloud.Client();

        Assert.Empty(await new Teardown(client, Names, Progress.Add).RunAsync(images: true, Ct));

        Assert.Equal("theirs", (string?)reused["port_id"]);
        Assert.Empty(Cloud.Network.Ports);
        Assert.Empty(Cloud.Network.Routers);
        Assert.Empty(Cloud.Balancers.Listed);
    }

    private static JsonObject Copy(JsonObject port, string id, string device)
    {
        var copy = port.DeepClone().AsObject();
        (copy["id"], copy["device_id"]) = (id, device);
        copy["fixed_ips"]![0]!["ip_address"] = $"10.0.0.{100 + id.Length}";
        return copy;
    }

    private static JsonObject Server(string name, string group, params string[] tags) => new()
    {
        ["id"] = $"id-of-{name}",
        ["name"] = name,
        ["status"] = "ACTIVE",
        ["created"] = "2030-01-01T00:00:00Z",
        ["tenant_id"] = "p1",
        ["tags"] = new JsonArray(["faafo", .. Names.Tags, $"group={group}", .. tags]),
    };

    private async Task AddWorkerAsync(string template)
    {
        await using var client = Cloud.Client();
        var managed = await ManagedResources.ReadAsync(client, Names, Ct);
        var current = InstanceTemplateHash.Tag(
            Flock.Workers, InstanceTemplateHash.Settings(Flock, Names, managed), External, managed.Bundle?.Sha256);
        Cloud.Compute.Servers.Add(Server("app-worker-1", FlockSpec.Worker, template == "current" ? current : template));
    }
}
