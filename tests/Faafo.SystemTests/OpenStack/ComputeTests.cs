using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;
using Faafo.TestKit;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

public sealed class ComputeTests
{
    // A public key for this test; the private key was not kept.
    private const string PublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5m3Wn1mS3d0Ewy1Yb0YVbqJmWkPqz9rO7cJk3u8T2a test";

    [Fact]
    public async Task Server_is_created_operated_and_deleted()
    {
        await using var cloud = Connect();
        var name = Unique("server");
        var image = await cloud.Images.FindImageAsync(ImageName, Ct);
        var flavor = await cloud.Compute.FindFlavorAsync(FlavorName, Ct);
        var network = await cloud.Networking.FindNetworkAsync(NetworkName, Ct);
        await cloud.Compute.ImportKeyPairAsync(name, PublicKey, Ct);
        var group = await cloud.Networking.GetOrCreateSecurityGroupAsync(name, [Ingress.Tcp(22), Ingress.Tcp(80)], Ct);
        Server? server = null;
        try
        {
            server = await cloud.Compute.CreateServerAsync(
                new NewServer(name, image.Id, flavor.Id)
                {
                    KeyName = name,
                    SecurityGroups = [group.Name],
                    Networks = ServerNetworks.Of(network.Id),
                    UserData = UserData.Script("#!/bin/sh\necho hello"),
                    Tags = ["faafo-test", "role=worker"],
                    Metadata = new Dictionary<string, string> { ["purpose"] = "test" },
                },
                Ct);
            server = await server.WaitUntilActiveAsync(OperationTimeout, Ct);

            Assert.Equal((name, name, "m1.nano", "test"),
                (server.Name, server.KeyName, server.Flavor!.OriginalName, server.Metadata["purpose"]));
            Assert.Single(server.FixedAddresses);
            Assert.Contains(server.Id,
                (await cloud.Compute.ListServersAsync(new ServerQuery { Tags = ["role=worker"] }, Ct).ToListAsync(Ct)).Select(one =>
                    one.Id));
            Assert.Equal(server.Id, (await cloud.Compute.FindServerAsync(name, Ct)).Id);
            Assert.Equal("ACTIVE", await OpenStackAsync($"server show {server.Id} -f value -c status"));
            Assert.Contains(server.FixedAddresses.Single(), await OpenStackAsync($"server show {server.Id} -f value -c addresses"),
                StringComparison.Ordinal);
            Assert.Equal("22,80",
                string.Join(',',
                    (await cloud.Networking.GetSecurityGroupAsync(group.Id, Ct)).Rules.Where(rule => rule.Direction == "ingress")
                    .Select(rule => rule.PortRangeMin).Order()));

            await cloud.Compute.StopServerAsync(server.Id, Ct);
            await server.WaitUntilStatusAsync("SHUTOFF", OperationTimeout, Ct);
            await cloud.Compute.StartServerAsync(server.Id, Ct);
            await server.WaitUntilActiveAsync(OperationTimeout, Ct);
            await cloud.Compute.RebootServerAsync(server.Id, hard: true, Ct);
            await server.WaitUntilActiveAsync(OperationTimeout, Ct);
            Assert.NotEmpty(await cloud.Compute.GetConsoleOutputAsync(server.Id, 5, Ct));
            await cloud.Compute.AddTagAsync(server.Id, "late", Ct);
            Assert.Contains("late", (await cloud.Compute.GetServerAsync(server.Id, Ct)).Tags);
            Assert.True(await cloud.Compute.RemoveTagAsync(server.Id, "late", Ct));
            Assert.Single(await cloud.Compute.ListInterfacesAsync(server.Id, Ct).ToListAsync(Ct));
        }
        finally
        {
            if (server is not null)
            {
                await cloud.Compute.DeleteServerAsync(server.Id, CancellationToken.None);
            }

            // Immediately, while the server is still being deleted: the deletion of the group waits for its port.
            Assert.True(await cloud.Networking.DeleteSecurityGroupAsync(group.Id, OperationTimeout, CancellationToken.None));
            Assert.True(await cloud.Compute.DeleteKeyPairAsync(name, CancellationToken.None));
            if (server is not null)
            {
                await server.WaitUntilDeletedAsync(OperationTimeout, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Server_changes_groups_and_ports_and_is_saved_as_an_image()
    {
        await using var cloud = Connect();
        var name = Unique("change");
        var group = await cloud.Networking.CreateSecurityGroupAsync(name, "", Ct);
        var network = await cloud.Networking.FindNetworkAsync(NetworkName, Ct);
        var server = await BootAsync(cloud, name);
        string? image = null;
        try
        {
            await cloud.Compute.AddSecurityGroupAsync(server.Id, name, Ct);
            var added = await cloud.Compute.AttachInterfaceAsync(server.Id, network.Id, Ct);
            image = await cloud.Compute.CreateImageAsync(server.Id, name + "-image", Ct);

            await server.WaitUntilActiveAsync(OperationTimeout, Ct); // until the image is complete
            server = await cloud.Compute.GetServerAsync(server.Id, Ct);
            Assert.Contains(name, server.SecurityGroups.Select(one => one.Name));
            Assert.Equal((network.Id, 2), (added.NetworkId, await cloud.Compute.ListInterfacesAsync(server.Id, Ct).CountAsync(Ct)));
            Assert.Equal(server.Id, (await cloud.Networking.GetPortAsync(added.PortId, Ct)).DeviceId);
            Assert.Equal(name + "-image", (await cloud.Images.FindImageAsync(image, Ct)).Name);
            var shown = await ShowAsync($"server show {server.Id}");
            Assert.Equal((server.Name, server.Status, server.ProjectId),
                (shown.GetProperty("name").GetString(), shown.GetProperty("status").GetString()!,
                    shown.GetProperty("project_id").GetString()));
            Assert.Contains(name, shown.GetProperty("security_groups").GetRawText(), StringComparison.Ordinal);
            Assert.Equal(name + "-image", (await ShowAsync($"image show {image}")).GetProperty("name").GetString());

            await cloud.Compute.RemoveSecurityGroupAsync(server.Id, name, Ct);
            Assert.DoesNotContain(name, (await cloud.Compute.GetServerAsync(server.Id, Ct)).SecurityGroups.Select(one => one.Name));
            Assert.True(await cloud.Compute.DetachInterfaceAsync(server.Id, added.PortId, Ct));
            await Eventually.GetAsync("the server's ports", async token =>
                await cloud.Compute.ListInterfacesAsync(server.Id, token).CountAsync(token), count => count == 1, OperationTimeout);

            var flavor = await cloud.Compute.FindFlavorAsync(FlavorName, Ct);
            Assert.Equal(flavor, await cloud.Compute.GetFlavorAsync(flavor.Id, Ct));
            shown = await ShowAsync($"flavor show {FlavorName}");
            Assert.Equal((flavor.Id, flavor.Vcpus, flavor.Ram, flavor.Disk),
                (shown.GetProperty("id").GetString(), shown.GetProperty("vcpus").GetInt32(), shown.GetProperty("ram").GetInt32(),
                    shown.GetProperty("disk").GetInt32()));
        }
        finally
        {
            if (image is not null)
            {
                Assert.True(await cloud.Images.DeleteImageAsync(image, CancellationToken.None));
            }

            await RemoveAsync(cloud, server);
            Assert.True(await cloud.Networking.DeleteSecurityGroupAsync(group.Id, OperationTimeout, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Repeated_nonce_returns_the_accepted_server()
    {
        await using var cloud = Connect();
        var request = new NewServer(Unique("nonce"), (await cloud.Images.FindImageAsync(ImageName, Ct)).Id,
            (await cloud.Compute.FindFlavorAsync(FlavorName, Ct)).Id)
        {
            Nonce = Guid.NewGuid().ToString("N"),
            Networks = ServerNetworks.None,
        };

        var first = await cloud.Compute.CreateServerAsync(request, Ct);
        var second = await cloud.Compute.CreateServerAsync(request, Ct);
        await RemoveAsync(cloud, first);

        Assert.Equal(first.Id, second.Id);
    }

    [Fact]
    public async Task Several_servers_are_created_with_one_request()
    {
        await using var cloud = Connect();
        var name = Unique("many");
        var request = new NewServer(name, (await cloud.Images.FindImageAsync(ImageName, Ct)).Id,
            (await cloud.Compute.FindFlavorAsync(FlavorName, Ct)).Id)
        { Networks = ServerNetworks.None };

        var servers = await cloud.Compute.CreateServersAsync(request, 3, Ct);
        foreach (var server in servers)
        {
            await RemoveAsync(cloud, server);
        }

        Assert.Equal([name + "-1", name + "-2", name + "-3"], servers.Select(server => server.Name).Order());
    }

    [Fact]
    public async Task Server_that_fits_no_host_fails_with_the_reason()
    {
        await using var admin = Connect("devcloud-admin");
        await using var cloud = Connect();
        var name = Unique("huge");
        var body = System.Text.Encoding.UTF8.GetBytes("{\"flavor\":{\"name\":\"" + name + "\",\"ram\":1048576,\"vcpus\":512,\"disk\":1}}");
        using (await admin.Session.SendAsync(ServiceType.Compute, HttpMethod.Post, "/flavors", body, Ct))
        {
        }

        var flavor = await cloud.Compute.FindFlavorAsync(name, Ct);
        Server? server = null;
        try
        {
            server = await cloud.Compute.CreateServerAsync(
                new NewServer(name, (await cloud.Images.FindImageAsync(ImageName, Ct)).Id, flavor.Id) { Networks = ServerNetworks.None },
                Ct);

            var error = await Assert.ThrowsAsync<ResourceFailedException>(() => server.WaitUntilActiveAsync(OperationTimeout, Ct));
            Assert.Contains("No valid host", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            if (server is not null)
            {
                await RemoveAsync(cloud, await cloud.Compute.GetServerAsync(server.Id, CancellationToken.None));
            }

            using var deleted = await admin.Session.SendAsync(ServiceType.Compute, HttpMethod.Delete, "/flavors/" + flavor.Id, null,
                CancellationToken.None);
        }
    }

    [Fact]
    public async Task Keys_limits_quotas_and_groups_are_read()
    {
        await using var cloud = Connect();
        var name = Unique("misc");

        var key = await cloud.Compute.CreateKeyPairAsync(name, Ct);
        Assert.Contains("PRIVATE KEY", key.PrivateKey, StringComparison.Ordinal);
        var read = await cloud.Compute.GetKeyPairAsync(name, Ct);
        Assert.Equal((key.Fingerprint, key.PublicKey, null), (read.Fingerprint, read.PublicKey, read.PrivateKey));
        Assert.Equal(key.Fingerprint, (await ShowAsync($"keypair show {name}")).GetProperty("fingerprint").GetString());
        Assert.Contains(name, (await cloud.Compute.ListKeyPairsAsync(Ct).ToListAsync(Ct)).Select(one => one.Name));
        Assert.True(await cloud.Compute.DeleteKeyPairAsync(name, Ct));
        Assert.False(await cloud.Compute.DeleteKeyPairAsync(name, Ct));

        var limits = await cloud.Compute.GetLimitsAsync(Ct);
        var quotas = await cloud.Compute.GetQuotasAsync((await cloud.Session.GetTokenAsync(Ct)).Project!.Id!, Ct);
        Assert.Equal((limits.MaxInstances, limits.MaxCores), (quotas.Instances, quotas.Cores));

        var group = await cloud.Compute.CreateServerGroupAsync(name, "soft-anti-affinity", Ct);
        Assert.Equal("soft-anti-affinity",
            (await cloud.Compute.ListServerGroupsAsync(Ct).FirstAsync(one => one.Id == group.Id, Ct)).Policy);
        Assert.True(await cloud.Compute.DeleteServerGroupAsync(group.Id, Ct));
    }
}
