using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class ResourceScopeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposal_removes_the_marked_resources_and_nothing_else()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        var removed = new List<string>();
        await using (var cloud = fake.Client())
        await using (var made = cloud.Scope("mine", onRemoved: removed.Add))
        {
            var server = await cloud.Compute.CreateServerAsync(new("web", null, "f1") { Tags = ["mine"] }, Ct);
            await cloud.Compute.CreateServerAsync(new("other", null, "f1") { Tags = ["yours"] }, Ct);
            await cloud.Networking.CreateSecurityGroupAsync("group", "mine", Ct);
            await cloud.Networking.CreateSecurityGroupAsync("group", "yours", Ct);
            var volume = await cloud.BlockStorage.CreateVolumeAsync(
                new NewVolume(1) { Name = "disk", Metadata = new Dictionary<string, string> { ["mine"] = "" } }, Ct);
            await cloud.BlockStorage.WaitUntilStatusAsync(volume.Id, "available", TimeSpan.FromMinutes(1), Ct);
            await cloud.BlockStorage.CreateSnapshotAsync(
                volume.Id, "copy", new Dictionary<string, string> { ["mine"] = "" }, cancellationToken: Ct);
            made.Add("key pair one", _ => Task.FromResult(true));
            made.Add("key pair two", _ => Task.FromResult(false));
            Assert.Equal("web", server.Name);
        }
        Assert.Equal(["key pair one", "server web", "snapshot copy", "volume disk", "security group group"],
            removed.Select(line => line["removed ".Length..]));
        Assert.Equal(("other", "yours"),
            ((string?)fake.Compute.Servers.Single()["name"], (string?)fake.Network.Groups.Single()["description"]));
    }

    [Fact]
    public async Task Snapshot_of_someone_else_stays_and_its_volume_is_reported()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        var volume = await cloud.BlockStorage.CreateVolumeAsync(
            new NewVolume(1) { Name = "disk", Metadata = new Dictionary<string, string> { ["mine"] = "" } }, Ct);
        await cloud.BlockStorage.WaitUntilStatusAsync(volume.Id, "available", TimeSpan.FromMinutes(1), Ct);
        await cloud.BlockStorage.CreateSnapshotAsync(volume.Id, "theirs", cancellationToken: Ct);
        await cloud.Networking.CreateSecurityGroupAsync("group", "mine", Ct);

        var error = await Assert.ThrowsAsync<OpenStackException>(() => cloud.Scope("mine").RemoveAsync(Ct));

        Assert.StartsWith("cannot remove volume disk: ", error.Message, StringComparison.Ordinal);
        Assert.Single(fake.Volumes.Snapshots);
        Assert.Single(fake.Volumes.Volumes);
        Assert.Empty(fake.Network.Groups);
    }

    [Fact]
    public async Task Server_whose_deletion_is_refused_does_not_keep_the_rest()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        var locked = await cloud.Compute.CreateServerAsync(new("locked", null, "f1") { Tags = ["mine"] }, Ct);
        await cloud.Compute.CreateServerAsync(new("web", null, "f1") { Tags = ["mine"] }, Ct);
        await cloud.Networking.CreateSecurityGroupAsync("group", "mine", Ct);
        fake.Inject("DELETE", $"/servers/{locked.Id}", Fault.Status(409, """
            {"conflictingRequest":{"code":409,"message":"Instance is locked"}}
            """), times: 9);

        var error = await Assert.ThrowsAsync<OpenStackException>(() => cloud.Scope("mine").RemoveAsync(Ct));

        Assert.StartsWith("cannot remove server locked: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("locked", (string?)Assert.Single(fake.Compute.Servers)["name"]);
        Assert.Empty(fake.Network.Groups);
    }

    [Fact]
    public void Mark_of_a_user_is_the_same_in_each_run_and_differs_from_that_of_others()
    {
        var folder = Directory.CreateTempSubdirectory("faafo-user-").FullName;
        try
        {
            var mark = ResourceScope.UserMark("faafo-guide-getting-started", "Anna.Longname@example.org", Path.Combine(folder, "anna"));

            Assert.Matches("^faafo-guide-getting-started-annalongname-[0-9a-f]{8}$", mark);
            Assert.True(mark.Length <= 60);
            Assert.Equal(
                mark, ResourceScope.UserMark("faafo-guide-getting-started", "Anna.Longname@example.org", Path.Combine(folder, "anna")));
            Assert.NotEqual(
                mark, ResourceScope.UserMark("faafo-guide-getting-started", "Anna.Longname@example.org", Path.Combine(folder, "bert")));
            Assert.Equal(["user-id"], Directory.GetFiles(Path.Combine(folder, "anna", "faafo")).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Failed_removal_is_reported_after_the_rest_is_removed()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        await cloud.Networking.CreateSecurityGroupAsync("group", "mine", Ct);
        var made = cloud.Scope("mine");
        made.Add("stack one", _ => throw new OpenStackException("it is stuck"));

        var error = await Assert.ThrowsAsync<OpenStackException>(() => made.RemoveAsync(Ct));

        Assert.Equal("cannot remove stack one: it is stuck", error.Message);
        Assert.Empty(fake.Network.Groups);
    }

    [Fact]
    public async Task Removal_by_an_administrator_leaves_the_resources_of_other_projects()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        fake.IsAdmin = true;
        foreach (var project in new[] { "p1", "p2" })
        {
            JsonObject Thing(string id) =>
                new() { ["id"] = $"{id}-{project}", ["name"] = id, ["description"] = "mine", ["project_id"] = project };

            fake.Network.AddFloatingIP(description: "mine", project: project);
            fake.Network.Ports.Add(Thing("port"));
            fake.Network.Ports[^1]["network_id"] = "n";
            fake.Network.Routers.Add(Thing("router"));
            fake.Network.Networks.Add(Thing("network"));
            fake.Network.Groups.Add(Thing("group"));
            fake.Balancers.Listed.Add(Thing("balancer"));
            fake.Balancers.Listed[^1]["provisioning_status"] = "ACTIVE";
        }
        await cloud.Scope("mine").RemoveAsync(Ct);

        var net = fake.Network;
        var left = new[] { net.FloatingIPs, net.Ports, net.Routers, net.Networks, net.Groups, fake.Balancers.Listed };
        Assert.All(left, kind => Assert.Equal(
            "p2", (string?)Assert.Single(kind, one => (string?)one["description"] == "mine")["project_id"]));
    }

    [Fact]
    public async Task Removal_trusts_the_fields_of_resources_and_not_the_filters_of_lists()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        const string Rest =
            """
            "network_id":"n","floating_ip_address":"172.24.0.9","provisioning_status":"ACTIVE","status":"available","size":1
            """;
        foreach (var (path, key) in new[]
        {
            ("/lb/v2/lbaas/loadbalancers", "loadbalancers"), ("/network/v2.0/floatingips", "floatingips"), ("/network/v2.0/ports", "ports"),
            ("/network/v2.0/routers", "routers"), ("/network/v2.0/networks", "networks"),
            ("/network/v2.0/security-groups", "security_groups"),
            ("/volume/v3/p1/volumes/detail", "volumes"), ("/compute/v2.1/servers/detail", "servers"),
        })
        {
            fake.Answer("GET", path, $$$"""
                {"{{{key}}}":[{"id":"a","name":"x","description":"theirs",{{{Rest}}},"tags":["theirs"],"metadata":{"theirs":""},
                "tenant_id":"p1"},
                {"id":"b","name":"x","description":"mine",{{{Rest}}},"tags":["mine"],"metadata":{"mine":""},"tenant_id":"p2",
                "os-vol-tenant-attr:tenant_id":"p2"}]}
                """);
        }
        fake.Answer("GET", "/volume/v3/p1/snapshots/detail", """
            {"snapshots":[{"id":"c","name":"x","status":"available","volume_id":"a"}]}
            """);

        await cloud.Scope("mine").RemoveAsync(Ct);

        Assert.DoesNotContain(fake.Requests, request => request.Method is "DELETE" or "PUT");
    }

    [Fact]
    public async Task Rejected_deletion_of_a_server_does_not_stop_the_rest()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        var locked = await cloud.Compute.CreateServerAsync(new("a-locked", null, "f1") { Tags = ["mine"] }, Ct);
        await cloud.Compute.CreateServerAsync(new("free", null, "f1") { Tags = ["mine"] }, Ct);
        await cloud.Networking.CreateSecurityGroupAsync("group", "mine", Ct);
        fake.Compute.Locked.Add(locked.Id);

        var error = await Assert.ThrowsAsync<OpenStackException>(() => cloud.Scope("mine").RemoveAsync(Ct));

        Assert.StartsWith("cannot remove server a-locked: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("is locked", error.Message, StringComparison.Ordinal);
        Assert.Equal("a-locked", (string?)Assert.Single(fake.Compute.Servers)["name"]);
        Assert.Empty(fake.Network.Groups);
    }

    [Fact]
    public async Task Failed_list_does_not_stop_the_rest()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        await cloud.Networking.CreateSecurityGroupAsync("group", "mine", Ct);
        fake.Answer("GET", "/lb/v2/lbaas/loadbalancers", "", 403);

        var error = await Assert.ThrowsAsync<OpenStackException>(() => cloud.Scope("mine").RemoveAsync(Ct));

        Assert.StartsWith("cannot list load balancers: ", error.Message, StringComparison.Ordinal);
        Assert.Empty(fake.Network.Groups);
    }

    [Fact]
    public async Task Kept_resources_are_removed_by_the_next_program()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        await using (cloud.Scope("mine", keep: true))
        {
            await cloud.Networking.CreateSecurityGroupAsync("group", "mine", Ct);
        }
        Assert.Single(fake.Network.Groups);

        await using (cloud.Scope("mine"))
        {
        }
        Assert.Empty(fake.Network.Groups);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a,b")]
    public async Task Mark_that_is_not_a_valid_tag_is_rejected(string mark)
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();

        Assert.Throws<ArgumentException>(() => cloud.Scope(mark));
    }

    [Fact]
    public async Task Choice_without_a_name_takes_the_only_one_or_says_which_there_are()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        await using var cloud = fake.Client();
        fake.Answer("GET", "/image/v2/images", """
            {"images":[{"id":"i1","name":"b","status":"active","min_ram":512},{"id":"i2","name":"a","status":"queued"}]}
            """);
        fake.Answer("GET", "/compute/v2.1/flavors/detail",
            """{"flavors":[{"id":"f1","name":"tiny","ram":64},{"id":"f2","name":"big","ram":4096}"""
            + """,{"id":"f3","name":"fits","ram":1024}]}""");

        var image = await cloud.Images.ChooseImageAsync(null, Ct);
        Assert.Equal(("b", "fits", "inside", "internet"), (image.Name, (await cloud.Compute.ChooseFlavorAsync(null, image, Ct)).Name,
            (await cloud.Networking.ChooseNetworkAsync(null, cancellationToken: Ct)).Name,
            (await cloud.Networking.ChooseNetworkAsync(null, external: true, Ct)).Name));

        fake.Network.Networks.Add(new JsonObject { ["id"] = "n2", ["name"] = "annex", ["router:external"] = false });
        var error = await Assert.ThrowsAsync<ChoiceException>(() => cloud.Networking.ChooseNetworkAsync(null, cancellationToken: Ct));
        Assert.Equal("there are several networks; choose one of: annex, inside", error.Message);
    }

    [Fact]
    public async Task Required_service_that_is_missing_is_named_in_one_line()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        fake.Without.UnionWith(["volumev3", "orchestration"]);
        await using var cloud = fake.Client();

        await cloud.RequireAsync([ServiceType.Compute, ServiceType.Network], Ct);
        var error = await Assert.ThrowsAsync<EndpointNotFoundException>(
            () => cloud.RequireAsync([ServiceType.Compute, ServiceType.BlockStorage], Ct));

        const string Services = "compute, image, load-balancer, network, object-store";
        Assert.Equal($"the cloud fake has no block-storage service (Cinder) in region One, only: {Services}", error.Message);
    }

    [Fact]
    public async Task Wait_reports_what_it_reads()
    {
        await using var fake = await FakeOpenStack.StartAsync();
        var seen = new List<string>();
        await using var cloud = fake.Client(options: new OpenStackClientOptions { OnWait = seen.Add });
        var server = await cloud.Compute.CreateServerAsync(new("web", null, "f1"), Ct);

        await Faafo.OpenStack.Compute.ServerWaiters.WaitUntilActiveAsync(server, TimeSpan.FromMinutes(1), Ct);

        Assert.Equal([$"server web ({server.Id}): BUILD (spawning)"], seen.Distinct());
    }
}
