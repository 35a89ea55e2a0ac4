using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Quotas with their use, and availability zones, in the format of the API references.</summary>
public sealed class QuotaTests
{
    private const string Details = "/network/v2.0/quotas/p1/details";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Usage_of_network_quotas_is_read_by_resource()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Details, """
            {"quota":{"floatingip":{"used":3,"limit":50,"reserved":1},"port":{"used":0,"limit":-1,"reserved":0},"tenant_id":"p1"}}
            """);

        var usage = await client.Networking.GetQuotaUsageAsync("p1", Ct);

        Assert.Equal(["floatingip", "port"], usage.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new QuotaUsage { Used = 3, Reserved = 1, Limit = 50 }, usage["floatingip"]);
        Assert.Equal(-1, usage["port"].Limit);
    }

    [Theory]
    [InlineData("""{"quota":{"port":{"used":"many","limit":1}}}""")]
    [InlineData("""{"quota":{"port":{"used":1}}}""")]
    [InlineData("""{"quota":[]}""")]
    [InlineData("{}")]
    public async Task Malformed_network_quotas_are_reported(string body)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Details, body);

        await Assert.ThrowsAsync<MalformedAnswerException>(() => client.Networking.GetQuotaUsageAsync("p1", Ct));
    }

    [Fact]
    public async Task Availability_zones_are_listed_with_their_state()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/os-availability-zone", """
            {"availabilityZoneInfo":[{"zoneName":"nova","zoneState":{"available":true},"hosts":null},
            {"zoneName":"west","zoneState":{"available":false},"hosts":null},{"zoneName":"bare"}]}
            """);

        var zones = await client.Compute.ListAvailabilityZonesAsync(Ct).ToListAsync(Ct);

        Assert.Equal([("nova", true), ("west", false), ("bare", false)], zones.Select(zone => (zone.Name, zone.IsAvailable)));
    }
}
