using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Orchestration;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Requests and answers of Glance, Cinder, Heat and Octavia in the formats of their API references.</summary>
public sealed class OtherServicesTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_of_an_ambiguous_name_is_refused()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images", """
            {"images":[{"id":"a","name":"debian","status":"active","size":1,"checksum":"x","disk_format":"qcow2","min_disk":0,"min_ram":0,"tags":[],"created_at":"2030-01-01T00:00:00Z"},
            {"id":"b","name":"debian","status":"active"},{"id":"c","name":"debian-12","status":"active"}],"schema":"/v2/schemas/images","first":"/v2/images"}
            """);

        Assert.Equal(["a", "b"], (await Assert.ThrowsAsync<AmbiguousNameException>(() => client.Images.FindAsync("debian", Ct))).Ids);
        Assert.Equal("c", (await client.Images.FindAsync("debian-12", Ct)).Id);
    }

    [Fact]
    public async Task Volumes_and_snapshots_follow_the_reference()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Volume = """{"volume":{"id":"v","name":"data","status":"STATUS","size":1,"bootable":"false","created_at":"2030-05-01T10:00:00.000000","attachments":[{"id":"v","attachment_id":"a","volume_id":"v","server_id":"s","host_name":null,"device":"/dev/vdb"}],"metadata":{},"volume_type":"lvmdriver-1","encrypted":false}}""";
        cloud.Answer("POST", "/volume/v3/p1/volumes", Volume.Replace("STATUS", "creating", StringComparison.Ordinal), 202);
        cloud.Answer("GET", "/volume/v3/p1/volumes/v", Volume.Replace("STATUS", "in-use", StringComparison.Ordinal));
        cloud.Answer("POST", "/volume/v3/p1/snapshots", """{"snapshot":{"id":"x","name":"nightly","status":"creating","volume_id":"v","size":1,"created_at":"2030-05-01T10:00:00.000000"}}""", 202);
        cloud.Answer("POST", "/compute/v2.1/servers/s/os-volume_attachments", """{"volumeAttachment":{"device":"/dev/vdb","id":"v","serverId":"s","volumeId":"v","tag":null,"delete_on_termination":false}}""");
        cloud.Inject("GET", "/volumes/v", (context, _) => Fault.Status(200, Volume.Replace("STATUS", "attaching", StringComparison.Ordinal))(context, () => Task.CompletedTask), 2);

        var created = await client.BlockStorage.CreateVolumeAsync(new NewVolume(1) { Name = "data", ImageId = "img" }, Ct);
        var attachment = await client.Compute.AttachVolumeAsync("s", created.Id, Ct);
        var volume = await client.BlockStorage.WaitUntilStatusAsync(created.Id, "in-use", Minute, Ct);
        var snapshot = await client.BlockStorage.CreateSnapshotAsync(volume.Id, "nightly", true, Ct);

        Assert.Equal(("/dev/vdb", "s", "v"), (attachment.Device, volume.Attachments[0].ServerId, snapshot.VolumeId));
        Assert.Equal("""{"volume":{"size":1,"name":"data","imageRef":"img"}}""", cloud.Seen("POST", "/volumes")[0].Body);
        Assert.Equal("""{"snapshot":{"volume_id":"v","name":"nightly","force":true}}""", cloud.Seen("POST", "/snapshots")[0].Body);
        Assert.Equal("""{"volumeAttachment":{"volumeId":"v"}}""", cloud.Seen("POST", "/os-volume_attachments")[0].Body);
        cloud.Answer("GET", "/volume/v3/p1/volumes/v", Volume.Replace("STATUS", "error_extending", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ResourceFailedException>(() => client.BlockStorage.WaitUntilStatusAsync("v", "available", Minute, Ct));
    }

    [Fact]
    public async Task Stacks_are_followed_through_redirects_and_fail_with_their_reason()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Stack = """{"stack":{"id":"i","stack_name":"app","stack_status":"CREATE_FAILED","stack_status_reason":"Resource CREATE failed: no host","creation_time":"2030-05-01T10:00:00Z","outputs":[{"output_key":"size","output_value":2,"description":""},{"output_key":"url","output_value":"http://x"}]}}""";
        cloud.Answer("GET", "/heat/v1/p1/stacks/app/i", Stack);
        cloud.Answer("DELETE", "/heat/v1/p1/stacks/app/i", "", 204);
        cloud.Inject("GET", "/stacks/app", Fault.Redirect(302, cloud.Url + "/heat/v1/p1/stacks/app/i"), 2);
        cloud.Inject("DELETE", "/stacks/app", Fault.Redirect(302, cloud.Url + "/heat/v1/p1/stacks/app/i"));

        var stack = await client.Orchestration.GetStackAsync("app", Ct);
        var error = await Assert.ThrowsAsync<ResourceFailedException>(() => client.Orchestration.WaitUntilCompleteAsync("app", Minute, Ct));
        Assert.True(await client.Orchestration.DeleteStackAsync("app", Ct));

        Assert.Equal(("2", "http://x", null), (stack.Output("size"), stack.Output("url"), stack.Output("none")));
        Assert.Contains("no host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_webhook_gets_no_token_and_is_called_once()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/open/signal", "{}");
        cloud.Answer("POST", "/heat/v1/p1/stacks/app/i/resources/up/signal", "{}");

        await client.Orchestration.SignalAsync(new Uri(cloud.Url + "/open/signal?Signature=abc"), Ct);
        await client.Orchestration.SignalAsync(new Uri(cloud.Url + "/heat/v1/p1/stacks/app/i/resources/up/signal"), Ct);

        Assert.Null(Assert.Single(cloud.Seen("POST", "/open/signal")).Token);
        Assert.NotNull(Assert.Single(cloud.Seen("POST", "/up/signal")).Token);
        cloud.Inject("POST", "/open/signal", Fault.Status(500));
        await Assert.ThrowsAsync<OpenStackApiException>(() => client.Orchestration.SignalAsync(new Uri(cloud.Url + "/open/signal?Signature=abc"), Ct));
        Assert.Single(cloud.Seen("POST", "/open/signal"));
    }

    [Fact]
    public async Task A_stack_is_deleted_when_its_name_is_free_again()
    {
        const string deleted = """{"stack":{"id":"i","stack_name":"app","stack_status":"DELETE_COMPLETE"}}""";
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/heat/v1/p1/stacks/i", deleted);
        var looks = 0;
        cloud.Inject("GET", "/stacks/app", (context, work) =>
        {
            looks++;
            return Fault.Status(200, deleted)(context, work);
        }, times: 2);

        await client.Orchestration.WaitUntilDeletedAsync("i", TimeSpan.FromMinutes(1), Ct);

        Assert.Equal(2, looks);
        Assert.Single(cloud.Seen("GET", "/stacks/app"));
    }

    [Fact]
    public void A_stack_is_asked_for_in_the_documented_format() => Assert.Equal(
        """{"stack_name":"app","template":"t","disable_rollback":true,"parameters":{"key":"k"},"files":{},"timeout_mins":5}""",
        System.Text.Encoding.UTF8.GetString(new NewStack("app", "t")
        {
            Parameters = new Dictionary<string, string> { ["key"] = "k" },
            Timeout = TimeSpan.FromMinutes(5),
        }.ToJson()));

    [Fact]
    public async Task Changes_of_a_balancer_queue_up_instead_of_failing()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        var members = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => client.LoadBalancing.AddMemberAsync("lb1", "p1", new NewMember($"10.0.0.{i}", 80), Ct)));

        Assert.Equal(6, members.Select(member => member.Id).Distinct().Count());
        Assert.Equal(0, cloud.Balancers.Refused);
    }

    [Fact]
    public async Task A_balancer_that_someone_else_changes_is_tried_again()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/members", Fault.Status(409, """{"faultcode":"Client","faultstring":"Load Balancer lb1 is immutable and cannot be updated.","debuginfo":null}"""), 3);
        Assert.Equal("m1", (await client.LoadBalancing.AddMemberAsync("lb1", "p1", new NewMember("10.0.0.1", 80), Ct)).Id);

        cloud.Inject("POST", "/members", Fault.Status(409, """{"faultcode":"Client","faultstring":"Another member on this pool is already using ip 10.0.0.1 on protocol_port 80","debuginfo":null}"""));
        await Assert.ThrowsAsync<ConflictException>(() => client.LoadBalancing.AddMemberAsync("lb1", "p1", new NewMember("10.0.0.1", 80), Ct));
    }

    [Fact]
    public async Task Parts_of_a_balancer_are_asked_for_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/lb/v2/lbaas/listeners", """{"listener":{"id":"l","name":"","protocol":"HTTP","protocol_port":80,"default_pool_id":null,"provisioning_status":"PENDING_CREATE","operating_status":"OFFLINE"}}""", 201);
        cloud.Answer("POST", "/lb/v2/lbaas/pools", """{"pool":{"id":"p","name":"","protocol":"HTTP","lb_algorithm":"ROUND_ROBIN","provisioning_status":"PENDING_CREATE"}}""", 201);
        cloud.Answer("POST", "/lb/v2/lbaas/healthmonitors", """{"healthmonitor":{"id":"h","type":"HTTP","delay":5,"timeout":3,"max_retries":2}}""", 201);
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p/members/m", """{"member":{"id":"m","address":"10.0.0.1","protocol_port":80,"weight":0}}""");

        await client.LoadBalancing.CreateListenerAsync(new NewListener("lb1", "HTTP", 80), Ct);
        await client.LoadBalancing.CreatePoolAsync("lb1", new NewPool("HTTP"), Ct);
        await client.LoadBalancing.CreateHealthMonitorAsync("lb1", new NewHealthMonitor("p", "HTTP") { UrlPath = "/healthz" }, Ct);
        Assert.Equal(0, (await client.LoadBalancing.SetMemberWeightAsync("lb1", "p", "m", 0, Ct)).Weight);

        Assert.Equal("""{"listener":{"loadbalancer_id":"lb1","protocol":"HTTP","protocol_port":80}}""", cloud.Seen("POST", "/listeners")[0].Body);
        Assert.Equal("""{"pool":{"protocol":"HTTP","lb_algorithm":"ROUND_ROBIN","loadbalancer_id":"lb1"}}""", cloud.Seen("POST", "/pools")[0].Body);
        Assert.Equal("""{"healthmonitor":{"pool_id":"p","type":"HTTP","delay":5,"timeout":3,"max_retries":2,"url_path":"/healthz"}}""", cloud.Seen("POST", "/healthmonitors")[0].Body);
        Assert.Equal("""{"member":{"weight":0}}""", cloud.Seen("PUT", "/members/m")[0].Body);
    }
}
