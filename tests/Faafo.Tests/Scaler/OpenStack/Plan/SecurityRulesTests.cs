using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Plan;

public sealed class SecurityRulesTests
{
    private static readonly FlockSpec Guide = FlockSpec.Of("c");

    [Theory]
    [InlineData("services", "tcp 22 from anywhere, tcp 5432 from api, tcp 5672 from api, tcp 5672 from worker")]
    [InlineData("api", "tcp 22 from anywhere, tcp 80 from anywhere")]
    [InlineData("worker", "tcp 22 from anywhere")]
    public void Rules_are_those_of_the_guide(string group, string rules)
    {
        Assert.Equal(rules, string.Join(", ", SecurityRules.Of(Guide, group)));
    }

    [Fact]
    public void Apis_behind_haproxy_accept_only_the_balancer()
    {
        var balanced = Guide with { Balancing = Balancing.HAProxy };

        Assert.Contains("tcp 80 from lb", SecurityRules.Of(balanced, FlockSpec.Api).Select(rule => rule.ToString()));
        Assert.DoesNotContain("tcp 80 from anywhere", SecurityRules.Of(balanced, FlockSpec.Api).Select(rule => rule.ToString()));
        Assert.Contains("tcp 80 from anywhere", SecurityRules.Of(balanced, FlockSpec.LoadBalancer).Select(rule => rule.ToString()));
    }

    [Theory]
    [InlineData("ingress", "IPv4", "tcp", 22, 22, null, null, true)]
    [InlineData("ingress", "IPv4", "tcp", 22, 22, "0.0.0.0/0", null, true)]
    [InlineData("ingress", "IPv4", "tcp", 22, 22, "10.0.0.0/8", null, false)]       // narrower
    [InlineData("ingress", "IPv4", "tcp", 22, 23, null, null, false)]
    [InlineData("ingress", "IPv4", "udp", 22, 22, null, null, false)]
    [InlineData("ingress", "IPv6", "tcp", 22, 22, null, null, false)]
    [InlineData("ingress", "IPv4", "tcp", 22, 22, null, "another-group", false)]
    [InlineData("egress", "IPv4", "tcp", 22, 22, null, null, false)]
    public void Only_an_identical_rule_counts(
        string direction, string type, string protocol, int first, int last, string? prefix, string? group, bool same)
    {
        var rule = new SecurityGroupRule
        {
            Id = "r",
            Direction = direction,
            EtherType = type,
            Protocol = protocol,
            PortRangeMin = first,
            PortRangeMax = last,
            RemoteIpPrefix = prefix,
            RemoteGroupId = group,
        };

        var actual = new SecurityGroup { Id = "w", Name = "faafo-worker", Rules = [rule] };
        var (missing, surplus) = SecurityRules.Compare(Guide, FlockSpec.Worker, actual, new Dictionary<string, string>());

        Assert.Equal(same ? 0 : 1, missing.Count);
        Assert.Equal(!same && direction == "ingress" ? 1 : 0, surplus.Count);       // egress stays as Neutron creates it
    }

    [Fact]
    public void Rule_for_a_group_of_another_flock_does_not_count()
    {
        var rule = new SecurityGroupRule
        {
            Id = "r",
            Direction = "ingress",
            EtherType = "IPv4",
            Protocol = "tcp",
            PortRangeMin = 5432,
            PortRangeMax = 5432,
            RemoteGroupId = "theirs",
        };
        var actual = new SecurityGroup { Id = "s", Name = "faafo-services", Rules = [rule] };

        var (missing, surplus) = SecurityRules.Compare(
            Guide, FlockSpec.Services, actual, new Dictionary<string, string> { [FlockSpec.Api] = "ours" });

        Assert.Contains(missing, one => one is { Port: 5432, FromGroup: FlockSpec.Api });
        Assert.Equal("r", Assert.Single(surplus).Id);
    }
}
