using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class ComputeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_whose_reply_was_lost_is_found_and_not_created_twice()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/servers", Fault.LostReply);

        var server = await client.Compute.CreateServerAsync(new("s", "i", "f") { Tags = ["faafo"] }, Ct);

        Assert.Equal(Assert.Single(cloud.Compute.Servers)["id"]!.ToString(), server.Id);
        Assert.Contains("faafo", server.Tags);
    }

    [Fact]
    public async Task Lost_request_is_repeated()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/servers", Fault.Broken);
        cloud.Inject("POST", "/servers", Fault.Status(504));

        await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);

        Assert.Single(cloud.Compute.Servers);
    }

    [Fact]
    public async Task Late_server_of_a_first_attempt_is_removed()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        Func<Task>? late = null;
        cloud.Inject("POST", "/servers", (context, work) =>
        {
            var body = new StreamReader(context.Request.Body).ReadToEndAsync(Ct);
            late = async () =>
            {
                var wish = System.Text.Json.Nodes.JsonNode.Parse(await body)!["server"]!;
                lock (cloud.State)
                {
                    cloud.Compute.Servers.Add(new()
                    {
                        ["id"] = "late",
                        ["name"] = "s",
                        ["status"] = "BUILD",
                        ["tags"] = wish["tags"]!.DeepClone(),
                        ["created"] = "2030-01-01T00:00:00Z"
                    });
                }
            };
            return body.ContinueWith(_ => context.Response.StatusCode = 504, TaskScheduler.Default);
        });
        cloud.Inject("POST", "/servers", async (_, work) =>
        {
            await late!();
            await work();
        });
        var server = await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);

        Assert.Equal(Assert.Single(cloud.Compute.Servers)["id"]!.ToString(), server.Id);
        Assert.NotEqual("late", server.Id);
    }

    [Fact]
    public async Task Same_nonce_returns_the_same_server()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var wish = new NewServer("s", "i", "f") { Nonce = "plan-7" };

        var first = await client.Compute.CreateServerAsync(wish, Ct);
        var second = await client.Compute.CreateServerAsync(wish, Ct);

        Assert.Equal(first.Id, second.Id);
        Assert.Contains("nonce-plan-7", first.Tags);
    }

    [Fact]
    public async Task Several_servers_are_created_at_once()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/servers", Fault.LostReply);

        var servers = await client.Compute.CreateServersAsync(new("w", "i", "f"), 3, Ct);

        Assert.Equal(["w-1", "w-2", "w-3"], servers.Select(server => server.Name).Order());
        Assert.Equal(3, cloud.Compute.Servers.Count);
    }

    [Fact]
    public async Task Wait_ends_once_the_server_is_active()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var server = await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);

        Assert.Equal("ACTIVE", (await server.WaitUntilActiveAsync(Minute, Ct)).Status);
    }

    [Fact]
    public async Task Wait_ends_at_once_on_ERROR_with_fault_and_console()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Compute.Outcome = "ERROR";
        var server = await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);

        var error = await Assert.ThrowsAsync<ResourceFailedException>(() => server.WaitUntilActiveAsync(TimeSpan.FromHours(1), Ct));

        Assert.Contains("No valid host was found. (500)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Kernel panic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_reports_the_last_status()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Compute.ReadsUntilDone = int.MaxValue;
        var server = await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(() => server.WaitUntilActiveAsync(Minute, Ct));

        Assert.Equal("BUILD (spawning)", error.LastStatus);
        Assert.InRange(error.Waited, Minute, 1.5 * Minute);
        Assert.InRange(cloud.Seen("GET", "/servers/" + server.Id).Count, 8, 20);
    }

    [Fact]
    public async Task Deleted_server_ends_both_kinds_of_wait()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var server = await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);
        Assert.True(await client.Compute.DeleteServerAsync(server.Id, Ct));
        Assert.False(await client.Compute.DeleteServerAsync(server.Id, Ct));

        await server.WaitUntilDeletedAsync(Minute, Ct);
        await Assert.ThrowsAsync<ResourceFailedException>(() => server.WaitUntilActiveAsync(Minute, Ct));
    }

    [Fact]
    public async Task Name_is_matched_exactly_and_must_be_unique()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        foreach (var name in new[] { "web.1", "webx1", "web.1-old", "twin", "twin" })
        {
            await client.Compute.CreateServerAsync(new(name, "i", "f"), Ct);
        }
        Assert.Equal("web.1", (await client.Compute.FindServerAsync("web.1", Ct)).Name);
        Assert.Equal(2, (await Assert.ThrowsAsync<AmbiguousNameException>(() => client.Compute.FindServerAsync("twin", Ct))).Ids.Count);
        await Assert.ThrowsAsync<NameNotFoundException>(() => client.Compute.FindServerAsync("web", Ct));
    }

    [Fact]
    public async Task Server_is_created_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        await client.Compute.CreateServerAsync(
            new("s", null, "f")
            {
                KeyName = "k",
                UserData = UserData.Script("#!/bin/sh\r\necho"),
                SecurityGroups = ["g"],
                Networks = ServerNetworks.Of("n1"),
                Tags = ["a"],
                ConfigDrive = true,
                Metadata = new Dictionary<string, string> { ["m"] = "1" },
                ServerGroupId = "sg",
                AvailabilityZone = "az",
                Nonce = "n",
                Volumes = [new BootVolume("image", "i") { BootIndex = 0, SizeGiB = 10, DeleteOnTermination = true }],
            },
            Ct);

        Assert.Equal(
            """{"server":{"name":"s","flavorRef":"f","key_name":"k","user_data":"IyEvYmluL3NoCmVjaG8=","availability_zone":"""
            + "\"az\",\"config_drive\":true"
            + ""","security_groups":[{"name":"g"}],"tags":["a","nonce-n"],"networks":[{"uuid":"n1"}],"block_device_mapping_v2":"""
            + """[{"source_type":"image","destination_type":"volume","boot_index":0,"delete_on_termination":true,"uuid":"""
            + "\"i\",\"volume_size\":10" + """}],"metadata":{"m":"1"}},"os:scheduler_hints":{"group":"sg"}}""",
            Assert.Single(cloud.Seen("POST", "/servers")).Body);
        Assert.Throws<ArgumentException>(() => UserData.Bytes(new byte[49_200]));
    }

    [Fact]
    public async Task Server_is_read_from_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/servers/x", """
            {"server":{"id":"x","name":"app","status":"ACTIVE","created":"2030-05-01T10:00:00Z","updated":"2030-05-01T10:00:00",
            "image":{"id":"img","links":[]},"key_name":null,
            "flavor":{"original_name":"m1.small","vcpus":2,"ram":2048,"disk":20,"ephemeral":0,"swap":0,"extra_specs":{}},
            "addresses":{"any name":[{"addr":"10.0.0.4","version":4,"OS-EXT-IPS:type":"fixed",
            "OS-EXT-IPS-MAC:mac_addr":"fa:16:3e:00:00:01"},{"addr":"172.24.0.9","version":4,"OS-EXT-IPS:type":"floating"}]},
            "metadata":{"role":"api"},"tags":["a"],"security_groups":[{"name":"default"}],"OS-EXT-STS:task_state":null,
            "OS-EXT-STS:power_state":1,"OS-EXT-AZ:availability_zone":"nova",
            "os-extended-volumes:volumes_attached":[{"id":"v","delete_on_termination":false}],"tenant_id":"p1","config_drive":""}}
            """);

        var server = await client.Compute.GetServerAsync("x", Ct);

        Assert.Equal(("10.0.0.4", "172.24.0.9"), (server.FixedAddresses.Single(), server.FloatingAddresses.Single()));
        Assert.Equal(("img", "m1.small", "nova", "v", "default"), (
            server.Image!.Id, server.Flavor!.OriginalName, server.AvailabilityZone, server.Volumes[0].Id, server.SecurityGroups[0].Name));
        Assert.Equal(server.Created, server.Updated);
        Assert.Equal(TimeSpan.Zero, server.Updated!.Value.Offset);
    }

    [Fact]
    public async Task Tags_at_creation_require_microversion_2_52()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Compute.MaxMicroversion = "2.35";
        await using var client = cloud.Client();

        Assert.Equal("s", (await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct)).Name);
        Assert.Equal("""{"server":{"name":"s","flavorRef":"f","imageRef":"i"}}""", Assert.Single(cloud.Seen("POST", "/servers")).Body);
        Assert.Contains("2.52", (await Assert.ThrowsAsync<MicroversionException>(
            () => client.Compute.CreateServerAsync(new("s", "i", "f") { Tags = ["t"] }, Ct))).Message, StringComparison.Ordinal);
    }
}
