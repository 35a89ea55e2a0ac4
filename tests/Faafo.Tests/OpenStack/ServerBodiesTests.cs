using System.Net;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Servers and their volumes: every property of a body, and every request, in the format of the API reference.</summary>
public sealed class ServerBodiesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_is_read_with_all_properties()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Server = """
            {"id":"x","name":"app","description":"of a test",
            "status":"ERROR","created":"2030-05-01T10:00:00Z","updated":"2030-05-01T10:00:07Z","image":{"id":"img",
            "links":[]},"key_name":"demo",
            "flavor":{"original_name":"m1.small","vcpus":2,"ram":2048,"disk":20,"ephemeral":0,"swap":0,"extra_specs":{}},"hostId":"h",
            "progress":0,"locked":true,"locked_reason":"in use","config_drive":"True",
            "addresses":{"private":[{"addr":"10.0.0.4","version":4,"OS-EXT-IPS:type":"fixed",
            "OS-EXT-IPS-MAC:mac_addr":"fa:16:3e:00:00:01"}],
            "dual":[{"addr":"fd00::4","version":6,"OS-EXT-IPS:type":"floating","OS-EXT-IPS-MAC:mac_addr":"fa:16:3e:00:00:02"}]},
            "metadata":{"role":"api"},"tags":["a","b"],"security_groups":[{"name":"default"},{"name":"web"}],
            "OS-EXT-STS:task_state":"deleting","OS-EXT-STS:vm_state":"error",
            "OS-EXT-STS:power_state":0,"OS-EXT-AZ:availability_zone":"nova","os-extended-volumes:volumes_attached":[{"id":"v",
            "delete_on_termination":true}],"tenant_id":"p1","user_id":"u1",
            "fault":{"code":500,"created":"2030-05-01T10:00:07Z","message":"No valid host was found.","details":"a trace"}}
            """;
        cloud.Answer("GET", "/compute/v2.1/servers/x", $$"""{"server":{{Server}}}""");
        cloud.Answer("GET", "/compute/v2.1/servers/detail", $$"""{"servers":[{{Server}}]}""");
        var address = new ServerAddress { Address = "10.0.0.4", Version = 4, Type = "fixed", MacAddress = "fa:16:3e:00:00:01" };
        var expected = new Server
        {
            Id = "x",
            Name = "app",
            Description = "of a test",
            Status = "ERROR",
            IsLocked = true,
            LockedReason = "in use",
            Created = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
            Updated = new(2030, 5, 1, 10, 0, 7, TimeSpan.Zero),
            Flavor = new ServerFlavor { OriginalName = "m1.small", Vcpus = 2, Ram = 2048, Disk = 20 },
            Image = new ServerImage("img"),
            KeyName = "demo",
            Addresses = new Dictionary<string, IReadOnlyList<ServerAddress>>
            {
                ["private"] = [address],
                ["dual"] = [new ServerAddress { Address = "fd00::4", Version = 6, Type = "floating", MacAddress = "fa:16:3e:00:00:02" }],
            },
            Metadata = new Dictionary<string, string> { ["role"] = "api" },
            Tags = ["a", "b"],
            SecurityGroups = [new ServerSecurityGroup("default"), new ServerSecurityGroup("web")],
            TaskState = "deleting",
            AvailabilityZone = "nova",
            Volumes = [new AttachedVolume("v")],
            ProjectId = "p1",
            UserId = "u1",
            Fault = new ServerFault { Code = 500, Message = "No valid host was found.", Details = "a trace" },
        };
        var server = await client.Compute.GetServerAsync("x", Ct);
        Body.AssertRead(expected, server);
        Body.AssertRead(expected.Fault, server.Fault!);
        Body.AssertRead(expected.Flavor, server.Flavor!, nameof(ServerFlavor.Id));
        Body.AssertRead(address, server.Addresses["private"][0]);
        Body.AssertRead(expected, await client.Compute.ListServersAsync(cancellationToken: Ct).SingleAsync(Ct));
        Assert.Equal("10.0.0.4", Assert.Single(server.FixedAddresses));
        Assert.Equal("fd00::4", Assert.Single(server.FloatingAddresses));
    }

    [Fact]
    public async Task Server_of_an_old_cloud_that_boots_from_a_volume_is_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/servers/x", """
            {"server":{"id":"x","name":"app","status":"BUILD","created":"2030-05-01T10:00:00Z","image":"","key_name":null,
            "flavor":{"id":"7","links":[]},"addresses":{},"metadata":{},
            "OS-EXT-STS:task_state":null,"os-extended-volumes:volumes_attached":[]}}
            """);

        var server = await client.Compute.GetServerAsync("x", Ct);

        Assert.Equal((null, "7", null, null, null), (server.Image, server.Flavor!.Id, server.Fault, server.TaskState, server.KeyName));
        Assert.Empty(server.Addresses);
        Assert.Empty(server.Tags);
        Assert.Empty(server.SecurityGroups);
        Assert.Empty(server.FixedAddresses);
    }

    [Fact]
    public async Task List_sends_its_filters()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.IsAdmin = true;
        await using var client = cloud.Client();

        await client.Compute.ListServersAsync(
            new ServerQuery { Name = "web.1", Status = "ACTIVE", Tags = ["a", "b"], TagsAny = ["c"], AllProjects = true, PageSize = 5 }, Ct)
                .ToListAsync(Ct);

        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Assert.Single(cloud.Seen("GET", "/servers/detail")).Query);
        Assert.Equal(
            ["all_tenants=true", "limit=5", @"name=^web\.1$", "status=ACTIVE", "tags-any=c", "tags=a,b"],
            query.Select(one => $"{one.Key}={one.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Actions_are_sent_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/compute/v2.1/servers/x/action", """{"output":"a\nb","image_id":"i"}""", 202);
        cloud.Answer("DELETE", "/compute/v2.1/servers/x/os-interface/p", "", 202);

        await client.Compute.RebootServerAsync("x", cancellationToken: Ct);
        await client.Compute.RebootServerAsync("x", hard: true, Ct);
        await client.Compute.StartServerAsync("x", Ct);
        await client.Compute.StopServerAsync("x", Ct);
        await client.Compute.AddSecurityGroupAsync("x", "g", Ct);
        await client.Compute.RemoveSecurityGroupAsync("x", "g", Ct);
        Assert.Equal("i", await client.Compute.CreateImageAsync("x", "copy", Ct));
        Assert.Equal("a\nb", await client.Compute.GetConsoleOutputAsync("x", 7, Ct));
        await client.Compute.GetConsoleOutputAsync("x", cancellationToken: Ct);
        Assert.True(await client.Compute.DetachInterfaceAsync("x", "p", Ct));
        Assert.False(await client.Compute.DetachInterfaceAsync("x", "q", Ct));

        Assert.Equal(
            [
                """{"reboot":{"type":"SOFT"}}""", """{"reboot":{"type":"HARD"}}""", """{"os-start":null}""", """{"os-stop":null}""",
                    """{"addSecurityGroup":{"name":"g"}}""",
                """{"removeSecurityGroup":{"name":"g"}}""", """{"createImage":{"name":"copy"}}""",
                    """{"os-getConsoleOutput":{"length":7}}""", """{"os-getConsoleOutput":{}}""",
            ],
            cloud.Seen("POST", "/action").Select(request => request.Body));
    }

    [Fact]
    public async Task Volumes_are_attached_and_detached()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/compute/v2.1/servers/x/os-volume_attachments", """
            {"volumeAttachment":{"id":"a","device":"/dev/vdb","serverId":"x","volumeId":"v","tag":"data","delete_on_termination":true,
            "attachment_id":"a2","bdm_uuid":"b"}}
            """);
        cloud.Answer("DELETE", "/compute/v2.1/servers/x/os-volume_attachments/v", "", 202);

        var attachment = await client.Compute.AttachVolumeAsync("x", "v", Ct);

        var expected = new VolumeAttachment
        {
            VolumeId = "v",
            ServerId = "x",
            Device = "/dev/vdb",
            Tag = "data",
            DeleteOnTermination = true,
        };
        Body.AssertRead(expected, attachment);
        Assert.True(await client.Compute.DetachVolumeAsync("x", "v", Ct));
        Assert.False(await client.Compute.DetachVolumeAsync("x", "w", Ct));
    }

    [Fact]
    public async Task Volume_attachments_are_listed_and_created_with_options()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Path = "/compute/v2.1/servers/x/os-volume_attachments";
        const string Attachment = """
            {"attachment_id":"a2","bdm_uuid":"b","delete_on_termination":true,"device":"/dev/vdb","serverId":"x","tag":"data",
            "volumeId":"v"}
            """;
        cloud.Answer("GET", Path, $$$"""
            {"volumeAttachments":[{{{Attachment}}},{"serverId":"x","volumeId":"w","tag":null,"delete_on_termination":false}]}
            """);
        cloud.Answer("GET", Path + "/v", $$$"""{"volumeAttachment":{{{Attachment}}}}""");
        cloud.Answer("POST", Path, $$$"""{"volumeAttachment":{{{Attachment}}}}""");
        var expected = new VolumeAttachment
        {
            VolumeId = "v",
            ServerId = "x",
            Device = "/dev/vdb",
            Tag = "data",
            DeleteOnTermination = true,
        };

        var listed = await client.Compute.ListVolumeAttachmentsAsync("x", Ct).ToListAsync(Ct);
        Assert.Equal([expected, new VolumeAttachment { VolumeId = "w", ServerId = "x" }], listed);
        Body.AssertRead(expected, await client.Compute.GetVolumeAttachmentAsync("x", "v", Ct));
        await Assert.ThrowsAsync<NotFoundException>(() => client.Compute.GetVolumeAttachmentAsync("x", "w", Ct));
        var wish = new NewVolumeAttachment("v") { Device = "/dev/vdb", Tag = "data", DeleteOnTermination = true };
        Body.AssertRead(expected, await client.Compute.AttachVolumeAsync("x", wish, Ct));
        await client.Compute.AttachVolumeAsync("x", new NewVolumeAttachment("v"), Ct);

        Assert.Equal(
            [
                """{"volumeAttachment":{"volumeId":"v","device":"/dev/vdb","tag":"data","delete_on_termination":true}}""",
                """{"volumeAttachment":{"volumeId":"v"}}""",
            ],
            cloud.Seen("POST", Path).Select(request => request.Body));
    }

    [Fact]
    public async Task Used_up_quota_is_distinguished_from_other_rejections()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/compute/v2.1/servers", """
            {"forbidden":{"code":403,"message":"Quota exceeded for instances: Requested 1, but already used 10 of 10 instances"}}
            """, 403);

        var error = await Assert.ThrowsAsync<QuotaExceededException>(() => client.Compute.CreateServerAsync(new("s", "i", "f"), Ct));

        Assert.Equal(HttpStatusCode.Forbidden, error.Status);
        Assert.Contains("10 of 10", error.Message, StringComparison.Ordinal);
    }
}
