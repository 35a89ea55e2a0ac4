using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Lists of one project leave out the resources of others, which services show to an administrator.</summary>
public sealed class ProjectFilterTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Lists => new()
    {
        { "/network/v2.0/ports", "ports", "\"network_id\":\"n\"" },
        { "/network/v2.0/routers", "routers", "\"name\":\"x\"" },
        { "/network/v2.0/networks", "networks", "\"name\":\"x\"" },
        { "/network/v2.0/subnets", "subnets", "\"network_id\":\"n\",\"cidr\":\"10.0.0.0/8\"" },
        { "/network/v2.0/security-groups", "security_groups", "\"name\":\"x\"" },
        { "/network/v2.0/floatingips", "floatingips", "\"floating_ip_address\":\"172.24.0.2\"" },
        { "/lb/v2/lbaas/loadbalancers", "loadbalancers", "\"provisioning_status\":\"ACTIVE\"" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_of_a_project_leaves_out_items_of_others(string path, string key, string required)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", path, $$"""
            {"{{key}}":[{"id":"own",{{required}},"project_id":"p1","tenant_id":"p1"},{"id":"foreign",{{required}},"project_id":"p2"},
            {"id":"own-of-old","tenant_id":"p1",{{required}}},{"id":"foreign-of-old",{{required}},"tenant_id":"p2"}]}
            """);

        var found = await Ids(client, key, "p1").ToListAsync(Ct);

        Assert.Equal([("own", "p1"), ("own-of-old", "p1")], found);
        Assert.Contains("project_id=p1", cloud.Seen("GET", path)[0].Query, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_without_a_project_has_all_items_except_groups_and_addresses_of_others(
        string path, string key, string required)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", path, $$"""
            {"{{key}}":[{"id":"own",{{required}},"project_id":"p1"},{"id":"foreign",{{required}},"project_id":"p2"}]}
            """);

        var found = await Ids(client, key, null).ToListAsync(Ct);

        Assert.Equal(key is "security_groups" or "floatingips" ? [("own", "p1")] : [("own", "p1"), ("foreign", "p2")], found);
    }

    private static IAsyncEnumerable<(string Id, string? Project)> Ids(OpenStackClient client, string key, string? project)
    {
        var net = client.Networking;
        return key switch
        {
            "ports" => net.ListPortsAsync(projectId: project, cancellationToken: Ct).Select(one => (one.Id, one.ProjectId)),
            "routers" => net.ListRoutersAsync(projectId: project, cancellationToken: Ct).Select(one => (one.Id, one.ProjectId)),
            "networks" => net.ListNetworksAsync(projectId: project, cancellationToken: Ct).Select(one => (one.Id, one.ProjectId)),
            "subnets" => net.ListSubnetsAsync(projectId: project, cancellationToken: Ct).Select(one => (one.Id, one.ProjectId)),
            "security_groups" =>
                net.ListSecurityGroupsAsync(projectId: project, cancellationToken: Ct).Select(one => (one.Id, one.ProjectId)),
            "floatingips" => net.ListFloatingIPsAsync(projectId: project, cancellationToken: Ct).Select(one => (one.Id, one.ProjectId)),
            _ => client.LoadBalancing.ListLoadBalancersAsync(projectId: project, cancellationToken: Ct)
                .Select(one => (one.Id, one.ProjectId)),
        };
    }
}
