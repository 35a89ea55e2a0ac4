using Faafo.OpenStack;
using Faafo.OpenStack.LoadBalancing;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Octavia: changes of one balancer run one after another, in the format of the API reference.</summary>
public sealed class LoadBalancingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_of_one_load_balancer_are_queued()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();

        var members = await Task.WhenAll(
            Enumerable.Range(1, 6).Select(i => client.LoadBalancing.CreateMemberAsync("lb1", "p1", new NewMember($"10.0.0.{i}", 80), Ct)));

        Assert.Equal(6, members.Select(member => member.Id).Distinct().Count());
        Assert.Equal(0, cloud.Balancers.Refused);
    }

    [Fact]
    public async Task Change_of_an_immutable_load_balancer_is_retried()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/members", Fault.Status(409, """
            {"faultcode":"Client","faultstring":"Load Balancer lb1 is immutable and cannot be updated.","debuginfo":null}
            """), 3);
        Assert.Equal("m1", (await client.LoadBalancing.CreateMemberAsync("lb1", "p1", new NewMember("10.0.0.1", 80), Ct)).Id);

        cloud.Inject("POST", "/members", Fault.Status(409, """
            {"faultcode":"Client","faultstring":"Another member on this pool is already using ip 10.0.0.1 on protocol_port 80",
            "debuginfo":null}
            """));
        await Assert.ThrowsAsync<ConflictException>(
            () => client.LoadBalancing.CreateMemberAsync("lb1", "p1", new NewMember("10.0.0.1", 80), Ct));
    }

    [Fact]
    public async Task Parts_of_a_load_balancer_are_created_in_the_documented_format()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/lb/v2/lbaas/listeners", """
            {"listener":{"id":"l","name":"","protocol":"HTTP","protocol_port":80,"default_pool_id":null,
            "provisioning_status":"PENDING_CREATE","operating_status":"OFFLINE"}}
            """, 201);
        cloud.Answer("POST", "/lb/v2/lbaas/pools", """
            {"pool":{"id":"p","name":"","protocol":"HTTP","lb_algorithm":"ROUND_ROBIN","provisioning_status":"PENDING_CREATE"}}
            """, 201);
        cloud.Answer("POST", "/lb/v2/lbaas/healthmonitors", """
            {"healthmonitor":{"id":"h","type":"HTTP","delay":5,"timeout":3,"max_retries":2}}
            """, 201);
        cloud.Answer("PUT", "/lb/v2/lbaas/pools/p/members/m", """
            {"member":{"id":"m","address":"10.0.0.1","protocol_port":80,"weight":0}}
            """);

        await client.LoadBalancing.CreateListenerAsync(new NewListener("lb1", "HTTP", 80), Ct);
        await client.LoadBalancing.CreatePoolAsync("lb1", new NewPool("HTTP"), Ct);
        await client.LoadBalancing.CreateHealthMonitorAsync("lb1", new NewHealthMonitor("p", "HTTP") { UrlPath = "/healthz" }, Ct);
        Assert.Equal(0, (await client.LoadBalancing.SetMemberWeightAsync("lb1", "p", "m", 0, Ct)).Weight);

        Assert.Equal(
            """{"listener":{"loadbalancer_id":"lb1","protocol":"HTTP","protocol_port":80}}""", cloud.Seen("POST", "/listeners")[0].Body);
        Assert.Equal(
            """{"pool":{"protocol":"HTTP","lb_algorithm":"ROUND_ROBIN","loadbalancer_id":"lb1"}}""", cloud.Seen("POST", "/pools")[0].Body);
        Assert.Equal("""{"healthmonitor":{"pool_id":"p","type":"HTTP","delay":5,"timeout":3,"max_retries":2,"url_path":"/healthz"}}""",
            cloud.Seen("POST", "/healthmonitors")[0].Body);
        Assert.Equal("""{"member":{"weight":0}}""", cloud.Seen("PUT", "/members/m")[0].Body);
    }
}
