using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Changes to servers: every request and every property of a body, in the format of Nova's API reference.</summary>
public sealed class ServerOperationsTests
{
    private const string Servers = "/compute/v2.1/servers/x";

    private const string Updated = """
        {"server":{"id":"x","name":"web","description":"of a test","status":"ACTIVE","locked":true,"locked_reason":"in use",
        "adminPass":"seekr3t","user_data":"ZWNobyAx","metadata":{"role":"web"},"tags":["mine"],"image":{"id":"img","links":[]}}}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_is_updated_with_what_is_given()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("PUT", Servers, Updated);

        var server = await client.Compute.UpdateServerAsync("x", new ServerUpdate { Name = "web", Description = "of a test" }, Ct);
        await client.Compute.UpdateServerAsync("x", new ServerUpdate { Name = "web" }, Ct);
        await client.Compute.UpdateServerAsync("x", new ServerUpdate { Description = "" }, Ct);

        Assert.Equal(("web", "of a test", true, "in use"), (server.Name, server.Description, server.IsLocked, server.LockedReason));
        Assert.Equal(
            [
                """{"server":{"name":"web","description":"of a test"}}""", """{"server":{"name":"web"}}""",
                """{"server":{"description":""}}""",
            ],
            cloud.Seen("PUT", Servers).Select(request => request.Body));
        cloud.Compute.Servers.Add(new() { ["id"] = "x", ["name"] = "web", ["status"] = "ACTIVE" });
        Assert.Equal("web", (await server.WaitUntilActiveAsync(TimeSpan.FromMinutes(1), Ct)).Name);
    }

    [Fact]
    public async Task Metadata_is_read_set_replaced_and_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var compute = client.Compute;
        cloud.Answer("GET", Servers + "/metadata", """{"metadata":{"My Key":"a","b":"c"}}""");
        cloud.Answer("POST", Servers + "/metadata", """{"metadata":{"My Key":"a","b":"d"}}""");
        cloud.Answer("PUT", Servers + "/metadata", """{"metadata":{}}""");
        cloud.Answer("DELETE", Servers + "/metadata/My%20Key", "", 204);

        Assert.Equal(new Dictionary<string, string> { ["My Key"] = "a", ["b"] = "c" }, await compute.GetServerMetadataAsync("x", Ct));
        var all = await compute.SetServerMetadataAsync("x", new Dictionary<string, string> { ["b"] = "d" }, Ct);
        Assert.Equal(new Dictionary<string, string> { ["My Key"] = "a", ["b"] = "d" }, all);
        Assert.Empty(await compute.ReplaceServerMetadataAsync("x", new Dictionary<string, string>(), Ct));
        Assert.True(await compute.DeleteServerMetadataAsync("x", "My Key", Ct));
        Assert.False(await compute.DeleteServerMetadataAsync("x", "other", Ct));

        Assert.Equal("""{"metadata":{"b":"d"}}""", cloud.Seen("POST", "/metadata")[0].Body);
        Assert.Equal("""{"metadata":{}}""", cloud.Seen("PUT", "/metadata")[0].Body);
    }

    [Fact]
    public async Task Lock_and_resize_are_sent_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", Servers + "/action", "", 202);

        await client.Compute.LockServerAsync("x", cancellationToken: Ct);
        await client.Compute.LockServerAsync("x", "in use", Ct);
        await client.Compute.UnlockServerAsync("x", Ct);
        await client.Compute.ResizeServerAsync("x", "2", Ct);
        await client.Compute.ConfirmResizeAsync("x", Ct);
        await client.Compute.RevertResizeAsync("x", Ct);

        Assert.Equal(
            [
                """{"lock":null}""", """{"lock":{"locked_reason":"in use"}}""", """{"unlock":null}""",
                """{"resize":{"flavorRef":"2"}}""", """{"confirmResize":null}""", """{"revertResize":null}""",
            ],
            cloud.Seen("POST", "/action").Select(request => request.Body));
    }

    [Fact]
    public async Task Locked_server_is_a_conflict()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", Servers + "/action", """{"conflictingRequest":{"code":409,"message":"Instance x is locked"}}""", 409);

        var error = await Assert.ThrowsAsync<ConflictException>(() => client.Compute.ResizeServerAsync("x", "2", Ct));

        Assert.Equal("Instance x is locked", error.Detail);
    }

    [Fact]
    public async Task Server_is_rebuilt_with_what_is_given()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", Servers + "/action", Updated, 202);
        var rebuild = new ServerRebuild("img")
        {
            Name = "web",
            Description = "of a test",
            Metadata = new Dictionary<string, string> { ["role"] = "web" },
            KeyName = "demo",
            UserData = UserData.Script("echo 1"),
        };

        var server = await client.Compute.RebuildServerAsync("x", rebuild, Ct);
        await client.Compute.RebuildServerAsync("x", new ServerRebuild("img"), Ct);

        Assert.Equal(("img", "web", "seekr3t"), (server.Image!.Id, server.Metadata["role"], server.AdminPassword));
        Assert.Equal(
            [
                """{"rebuild":{"imageRef":"img","name":"web","description":"of a test","metadata":{"role":"web"},"""
                    + "\"key_name\":\"demo\",\"user_data\":\"ZWNobyAx\"}}",
                """{"rebuild":{"imageRef":"img"}}""",
            ],
            cloud.Seen("POST", "/action").Select(request => request.Body));
        Assert.DoesNotContain("ZWNobyAx", rebuild.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_log_is_listed_page_by_page()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Actions = Servers + "/os-instance-actions";
        cloud.Inject("GET", Actions, Fault.Status(200, """
            {"instanceActions":[{"action":"resize","instance_uuid":"x","request_id":"req-2","user_id":"u1","project_id":"p1",
            "start_time":"2030-05-01T10:00:00.036697","message":"Error","updated_at":"2030-05-01T10:00:07.525308"}],
            "links":[{"rel":"next","href":"http://other/v2.1/servers/x/os-instance-actions?limit=1&marker=req-2"}]}
            """));
        cloud.Inject("GET", Actions, Fault.Status(200, """
            {"instanceActions":[{"action":"create","instance_uuid":"x","request_id":"req-1","user_id":null,"project_id":null,
            "start_time":"2030-05-01T09:00:00","message":null}]}
            """));

        var log = await client.Compute.ListServerActionsAsync("x", Ct).ToListAsync(Ct);

        var expected = new ServerAction
        {
            Action = "resize",
            RequestId = "req-2",
            UserId = "u1",
            ProjectId = "p1",
            StartTime = new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero).AddTicks(366970),
            UpdatedAt = new DateTimeOffset(2030, 5, 1, 10, 0, 7, TimeSpan.Zero).AddTicks(5253080),
            Message = "Error",
        };
        Body.AssertRead(expected, log[0], nameof(expected.Events));
        Assert.Equal(("create", "req-1", null, null), (log[1].Action, log[1].RequestId, log[1].Message, log[1].UpdatedAt));
        Assert.Equal(2, log.Count);
    }

    [Fact]
    public async Task Action_is_read_with_its_steps()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Servers + "/os-instance-actions/req-2", """
            {"instanceAction":{"action":"stop","instance_uuid":"x","request_id":"req-2","user_id":"u1","project_id":"p1","message":null,
            "start_time":"2030-05-01T10:00:00","updated_at":"2030-05-01T10:00:07",
            "events":[{"event":"compute_stop_instance","start_time":"2030-05-01T10:00:01","finish_time":"2030-05-01T10:00:07",
            "result":"Error","traceback":null,"host":"compute","hostId":"h","details":"it was busy"}]}}
            """);

        var action = await client.Compute.GetServerActionAsync("x", "req-2", Ct);

        var step = new ServerActionEvent
        {
            Event = "compute_stop_instance",
            StartTime = new(2030, 5, 1, 10, 0, 1, TimeSpan.Zero),
            FinishTime = new(2030, 5, 1, 10, 0, 7, TimeSpan.Zero),
            Result = "Error",
            Details = "it was busy",
        };
        Body.AssertRead(step, Assert.Single(action.Events));
        Assert.Equal("stop", action.Action);
    }

    [Fact]
    public async Task Console_address_is_created_and_hidden()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", Servers + "/remote-consoles", """
            {"remote_console":{"protocol":"vnc","type":"novnc","url":"http://example.com:6080/vnc_auto.html?path=%3Ftoken%3Db60bcfc3"}}
            """);

        var console = await client.Compute.CreateRemoteConsoleAsync("x", cancellationToken: Ct);
        await client.Compute.CreateRemoteConsoleAsync("x", "serial", "serial", Ct);

        var address = new Uri("http://example.com:6080/vnc_auto.html?path=%3Ftoken%3Db60bcfc3");
        Body.AssertRead(new RemoteConsole { Protocol = "vnc", Type = "novnc", Url = address }, console);
        Assert.DoesNotContain("b60bcfc3", console.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            [
                """{"remote_console":{"protocol":"vnc","type":"novnc"}}""", """{"remote_console":{"protocol":"serial","type":"serial"}}""",
            ],
            cloud.Seen("POST", "/remote-consoles").Select(request => request.Body));
    }

    [Fact]
    public async Task Server_group_is_read_and_found()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Group = """
            {"id":"g","name":"apart","policy":"anti-affinity","rules":{"max_server_per_host":3},"members":["s"],"project_id":"p1",
            "user_id":"u1"}
            """;
        cloud.Answer("GET", "/compute/v2.1/os-server-groups/g", $$"""{"server_group":{{Group}}}""");
        cloud.Answer("GET", "/compute/v2.1/os-server-groups", $$"""{"server_groups":[{{Group}}]}""");
        var expected = new ServerGroup { Id = "g", Name = "apart", Policy = "anti-affinity", Members = ["s"] };

        Body.AssertRead(expected, await client.Compute.GetServerGroupAsync("g", Ct), nameof(ServerGroup.Policies));
        Body.AssertRead(expected, await client.Compute.FindServerGroupAsync("apart", Ct), nameof(ServerGroup.Policies));
        Body.AssertRead(expected, await client.Compute.FindServerGroupAsync("g", Ct), nameof(ServerGroup.Policies));
        await Assert.ThrowsAsync<NameNotFoundException>(() => client.Compute.FindServerGroupAsync("together", Ct));
        await Assert.ThrowsAsync<NotFoundException>(() => client.Compute.GetServerGroupAsync("h", Ct));
    }

    [Theory]
    [InlineData("2.18", "description"), InlineData("2.72", "lock"), InlineData("2.53", "key pair"), InlineData("2.56", "user data")]
    [InlineData("2.5", "console"), InlineData("2.48", "tag"), InlineData("2.78", "deletion")]
    public async Task What_the_cloud_would_ignore_is_refused_before_it_is_sent(string microversion, string purpose)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Compute.MaxMicroversion = microversion;
        await using var client = cloud.Client();
        var compute = client.Compute;

        var error = await Assert.ThrowsAsync<MicroversionException>(() => purpose switch
        {
            "description" => compute.UpdateServerAsync("x", new ServerUpdate { Description = "d" }, Ct),
            "lock" => compute.LockServerAsync("x", "in use", Ct),
            "key pair" => compute.RebuildServerAsync("x", new ServerRebuild("i") { KeyName = "k" }, Ct),
            "user data" => compute.RebuildServerAsync("x", new ServerRebuild("i") { UserData = UserData.Script("s") }, Ct),
            "console" => compute.CreateRemoteConsoleAsync("x", cancellationToken: Ct),
            "tag" => compute.AttachVolumeAsync("x", new NewVolumeAttachment("v") { Tag = "t" }, Ct),
            _ => compute.AttachVolumeAsync("x", new NewVolumeAttachment("v") { DeleteOnTermination = false }, Ct),
        });

        Assert.Contains(purpose, error.Message, StringComparison.Ordinal);
        Assert.Equal(Version.Parse(microversion).Minor + 1, Version.Parse(error.Required).Minor);
        Assert.All(cloud.Requests, request => Assert.True(request.Method == "GET" || request.Path == "/identity/v3/auth/tokens"));
    }
}
