using Faafo.OpenStack.Images;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Nova's resources besides servers, and images: every property of a body, and every request, in the documented format.</summary>
public sealed class ComputeBodiesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flavor_is_read_from_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/flavors/7", """
            {"flavor":{"id":"7","name":"m1.tall","ram":2048,"disk":20,"swap":0,"OS-FLV-EXT-DATA:ephemeral":0,
            "OS-FLV-DISABLED:disabled":false,"vcpus":2,
            "os-flavor-access:is_public":true,"rxtx_factor":1.0,"description":null,"extra_specs":{},"links":[]}}
            """);

        var flavor = await client.Compute.GetFlavorAsync("7", Ct);

        Assert.Equal(("7", "m1.tall", 2, 2048, 20), (flavor.Id, flavor.Name, flavor.Vcpus, flavor.Ram, flavor.Disk));
    }

    [Fact]
    public async Task Key_pair_is_created_and_hides_its_secret()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Pair = """
            {"keypair":{"name":"demo key","type":"ssh","public_key":"ssh-ed25519 AAAA demo","fingerprint":"01:02","user_id":"u1",
            "private_key":"very-private"}}
            """;
        cloud.Answer("POST", "/compute/v2.1/os-keypairs", Pair, 201);
        cloud.Answer("GET", "/compute/v2.1/os-keypairs", $$"""{"keypairs":[{{Pair}}],"keypairs_links":[]}""");

        var made = await client.Compute.ImportKeyPairAsync("demo key", "ssh-ed25519 AAAA demo\n", Ct);
        var listed = Assert.Single(await client.Compute.ListKeyPairsAsync(Ct).ToListAsync(Ct));

        Assert.Equal(
            ("demo key", "ssh-ed25519 AAAA demo", "01:02", "very-private"), (made.Name, made.PublicKey, made.Fingerprint, made.PrivateKey));
        Assert.Equal(made, listed);
        Assert.DoesNotContain("very-private", made.ToString(), StringComparison.Ordinal);
        using var sent = System.Text.Json.JsonDocument.Parse(cloud.Seen("POST", "/os-keypairs")[0].Body!);
        Assert.Equal("ssh-ed25519 AAAA demo", sent.RootElement.GetProperty("keypair").GetProperty("public_key").GetString());
        Assert.Equal("demo key", sent.RootElement.GetProperty("keypair").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Limits_and_quotas_are_read_from_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/limits", """
            {"limits":{"rate":[],"absolute":{"maxTotalInstances":10,"totalInstancesUsed":1,"maxTotalCores":20,"totalCoresUsed":2,
            "maxTotalRAMSize":51200,"totalRAMUsed":512,
            "maxTotalKeypairs":100,"maxServerMeta":128,"maxServerGroups":11,"maxServerGroupMembers":12,"totalServerGroupsUsed":0}}}
            """);
        cloud.Answer("GET", "/compute/v2.1/os-quota-sets/p1", """
            {"quota_set":{"id":"p1","instances":10,"cores":-1,"ram":51200,"key_pairs":100,"metadata_items":128,"server_groups":11,
            "server_group_members":12}}
            """);

        var limits = await client.Compute.GetLimitsAsync(Ct);
        var quotas = await client.Compute.GetQuotasAsync("p1", Ct);

        Assert.Equal((10, 1, 20, 2), (limits.MaxInstances, limits.InstancesUsed, limits.MaxCores, limits.CoresUsed));
        Assert.Equal((51200, 512, 100), (limits.MaxRam, limits.RamUsed, limits.MaxKeyPairs));
        Assert.Equal((10, -1, 51200, 100, 11), (quotas.Instances, quotas.Cores, quotas.Ram, quotas.KeyPairs, quotas.ServerGroups));
    }

    [Fact]
    public async Task Server_groups_and_interfaces_are_read_from_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/os-server-groups", """
            {"server_groups":[{"id":"g","name":"apart","policy":"anti-affinity","rules":{"max_server_per_host":1},"members":["s"],
            "project_id":"p1","user_id":"u1"},
            {"id":"h","name":"old","policies":["affinity"],"members":[],"metadata":{}}]}
            """);
        const string Interface = """
            {"fixed_ips":[{"ip_address":"10.0.0.4","subnet_id":"sub"}],"mac_addr":"fa:16:3e:00:00:01","net_id":"n","port_id":"p",
            "port_state":"ACTIVE","tag":null}
            """;
        cloud.Answer("GET", "/compute/v2.1/servers/s/os-interface", $$"""{"interfaceAttachments":[{{Interface}}]}""");
        cloud.Answer("POST", "/compute/v2.1/servers/s/os-interface", $$"""{"interfaceAttachment":{{Interface}}}""");

        var groups = await client.Compute.ListServerGroupsAsync(Ct).ToListAsync(Ct);
        var port = Assert.Single(await client.Compute.ListInterfacesAsync("s", Ct).ToListAsync(Ct));

        Assert.Equal(
            ("g", "apart", "anti-affinity", "s"), (groups[0].Id, groups[0].Name, groups[0].Policy, Assert.Single(groups[0].Members)));
        Assert.Equal((null, "affinity"), (groups[1].Policy, Assert.Single(groups[1].Policies)));
        Assert.Equal(("p", "n", "fa:16:3e:00:00:01", "ACTIVE"), (port.PortId, port.NetworkId, port.MacAddress, port.PortState));
        Assert.Equal(port, await client.Compute.AttachInterfaceAsync("s", "n", Ct));
        Assert.Equal("""{"interfaceAttachment":{"net_id":"n"}}""", cloud.Seen("POST", "/os-interface")[0].Body);
    }

    [Theory]
    [InlineData("2.90", """{"server_group":{"name":"apart","policy":"anti-affinity"}}""")]
    [InlineData("2.63", """{"server_group":{"name":"apart","policies":["anti-affinity"]}}""")]
    public async Task Server_group_is_created_in_the_format_of_the_microversion(string microversion, string body)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Compute.MaxMicroversion = microversion;
        await using var client = cloud.Client();
        cloud.Answer("POST", "/compute/v2.1/os-server-groups", """{"server_group":{"id":"g","name":"apart"}}""");
        cloud.Answer("DELETE", "/compute/v2.1/os-server-groups/g", "", 204);

        Assert.Equal("g", (await client.Compute.CreateServerGroupAsync("apart", "anti-affinity", Ct)).Id);
        Assert.True(await client.Compute.DeleteServerGroupAsync("g", Ct));

        Assert.Equal(body, Assert.Single(cloud.Seen("POST", "/os-server-groups")).Body);
    }

    [Fact]
    public async Task Names_of_key_pairs_and_tags_are_escaped()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/compute/v2.1/os-keypairs", """{"keypair":{"name":"a b","private_key":"very-private"}}""", 201);
        cloud.Answer("GET", "/compute/v2.1/os-keypairs/a%20b", """
            {"keypair":{"name":"a b","public_key":"ssh-ed25519 AAAA","fingerprint":"01:02","id":7,"deleted":false}}
            """);
        cloud.Answer("DELETE", "/compute/v2.1/os-keypairs/a%20b", "", 202);
        cloud.Answer("PUT", "/compute/v2.1/servers/x/tags/role%3Da%20b", "", 201);
        cloud.Answer("DELETE", "/compute/v2.1/servers/x/tags/role%3Da%20b", "", 204);

        Assert.Equal("very-private", (await client.Compute.CreateKeyPairAsync("a b", Ct)).PrivateKey);
        var pair = await client.Compute.GetKeyPairAsync("a b", Ct);
        Assert.Equal(("a b", "ssh-ed25519 AAAA", "01:02", null), (pair.Name, pair.PublicKey, pair.Fingerprint, pair.PrivateKey));
        Assert.True(await client.Compute.DeleteKeyPairAsync("a b", Ct));
        await client.Compute.AddTagAsync("x", "role=a b", Ct);
        Assert.True(await client.Compute.RemoveTagAsync("x", "role=a b", Ct));
        Assert.False(await client.Compute.RemoveTagAsync("x", "none", Ct));

        Assert.Equal("""{"keypair":{"name":"a b"}}""", Assert.Single(cloud.Seen("POST", "/os-keypairs")).Body);
    }

    [Fact]
    public async Task Image_is_created_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/image/v2/images", """
            {"id":"i","name":"debian-12","status":"queued","visibility":"private","size":13,"checksum":"0123","disk_format":"raw",
            "container_format":"bare","min_disk":1,"min_ram":64,
            "created_at":"2030-05-01T10:00:00Z","updated_at":"2030-05-01T10:00:00Z","tags":["a"],"protected":false,"owner":"p1",
            "self":"/v2/images/i","file":"/v2/images/i/file","schema":"/v2/schemas/image"}
            """, 201);

        var image = await client.Images.CreateImageAsync(
            new NewImage("debian-12") { DiskFormat = "raw", Visibility = "private", Tags = ["a"] }, Ct);

        Assert.Equal(
            ("i", "debian-12", "queued", "private", "raw"), (image.Id, image.Name, image.Status, image.Visibility, image.DiskFormat));
        Assert.Equal((13L, "0123", 1, 64, "a"), (image.Size, image.Checksum, image.MinDisk, image.MinRam, Assert.Single(image.Tags)));
        Assert.Equal(new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero), image.CreatedAt);
        using var sent = System.Text.Json.JsonDocument.Parse(cloud.Seen("POST", "/images")[0].Body!);
        Assert.Equal(["container_format=bare", "disk_format=raw", "name=debian-12", "tags=[\"a\"]", "visibility=private"],
            sent.RootElement.EnumerateObject().Select(p => $"{p.Name}={p.Value}").Order(StringComparer.Ordinal));
    }
}
