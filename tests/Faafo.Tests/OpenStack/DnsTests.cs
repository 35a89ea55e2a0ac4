using Faafo.OpenStack;
using Faafo.OpenStack.Dns;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Designate, which the test cloud lacks: every property and every request in the format of the API reference.</summary>
public sealed class DnsTests
{
    private const string Zone = """
        {"id":"z","pool_id":"572ba08c-d929-4c70-8e42-03824bb24ca2","project_id":"p1","name":"example.org.","email":"joe@example.org",
        "ttl":7200,"serial":1404757531,"status":"ACTIVE","action":"CREATE","description":"of a test","masters":[],"type":"PRIMARY",
        "transferred_at":null,"version":1,"created_at":"2030-05-01T10:00:00.000000","updated_at":null,"attributes":{"tier":"gold"},
        "links":{"self":"https://127.0.0.1:9001/v2/zones/z"}}
        """;

    private const string RecordSet = """
        {"description":"of a test","links":{"self":"https://127.0.0.1:9001/v2/zones/z/recordsets/r"},"updated_at":null,
        "records":["10.1.0.2","10.1.0.3"],"ttl":3600,"id":"r","name":"app.example.org.","project_id":"p1","zone_id":"z",
        "zone_name":"example.org.","created_at":"2030-05-01T10:00:00.000000","version":1,"type":"A","status":"PENDING",
        "action":"CREATE"}
        """;

    private static readonly Zone ExpectedZone = new()
    {
        Id = "z",
        Name = "example.org.",
        Email = "joe@example.org",
        Ttl = TimeSpan.FromHours(2),
        Description = "of a test",
        Type = "PRIMARY",
        Status = "ACTIVE",
        Action = "CREATE",
        Serial = 1404757531,
        ProjectId = "p1",
        CreatedAt = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
    };

    private static readonly RecordSet ExpectedRecordSet = new()
    {
        Id = "r",
        Name = "app.example.org.",
        Type = "A",
        Records = ["10.1.0.2", "10.1.0.3"],
        Ttl = TimeSpan.FromHours(1),
        Description = "of a test",
        ZoneId = "z",
        ZoneName = "example.org.",
        Status = "PENDING",
        Action = "CREATE",
        ProjectId = "p1",
        CreatedAt = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
    };

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Zone_is_read_found_and_listed_over_pages()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("GET", "/dns/v2/zones/z", Zone);
        cloud.Inject("GET", "/dns/v2/zones", Fault.Status(200, $$"""
            {"zones":[{{Zone}}],"links":{"self":"http://127.0.0.1:9001/v2/zones?limit=1",
            "next":"http://127.0.0.1:9001/v2/zones?limit=1&marker=z"},"metadata":{"total_count":2} }
            """));
        cloud.Answer("GET", "/dns/v2/zones", $$"""
            {"zones":[{{Zone}},{"id":"y","name":"other.example.org.","status":"ERROR"}],
            "links":{"self":"http://127.0.0.1:9001/v2/zones"},"metadata":{"total_count":2} }
            """);

        var all = await client.Dns.ListZonesAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(["z", "z", "y"], all.Select(zone => zone.Id));
        Body.AssertRead(ExpectedZone, all[0]);
        Body.AssertRead(ExpectedZone, await client.Dns.GetZoneAsync("z", Ct));
        Body.AssertRead(ExpectedZone, await client.Dns.FindZoneAsync("example.org", Ct));
        Body.AssertRead(ExpectedZone, await client.Dns.FindZoneAsync("Example.org.", Ct));
        await Assert.ThrowsAsync<NameNotFoundException>(() => client.Dns.FindZoneAsync("none.org", Ct));
        Assert.Equal(
            ["?limit=1&marker=z", "?name=example.org.", "?name=Example.org.", "?name=none.org."],
            cloud.Seen("GET", "/zones").Select(request => request.Query));
    }

    [Fact]
    public async Task Zone_is_created_updated_and_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("POST", "/dns/v2/zones", Zone, 202);
        cloud.Answer("PATCH", "/dns/v2/zones/z", Zone, 202);
        cloud.Answer("DELETE", "/dns/v2/zones/z", Zone, 202);

        Body.AssertRead(ExpectedZone, await client.Dns.CreateZoneAsync(
            new NewZone("example.org", "joe@example.org") { Ttl = TimeSpan.FromHours(2), Description = "of a test" }, Ct));
        Body.AssertRead(ExpectedZone, await client.Dns.UpdateZoneAsync(
            "z", new ZoneUpdate { Ttl = TimeSpan.FromMinutes(10), Description = "x", Email = "ann@example.org" }, Ct));
        Assert.True(await client.Dns.DeleteZoneAsync("z", Ct));
        Assert.False(await client.Dns.DeleteZoneAsync("none", Ct));

        Assert.Equal(
            """{"name":"example.org.","email":"joe@example.org","ttl":7200,"description":"of a test"}""",
            Assert.Single(cloud.Seen("POST", "/zones")).Body);
        Assert.Equal(
            """{"email":"ann@example.org","ttl":600,"description":"x"}""", Assert.Single(cloud.Seen("PATCH", "/zones/z")).Body);
    }

    [Fact]
    public async Task Record_set_is_read_found_by_type_and_listed()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("GET", "/dns/v2/zones/z/recordsets/r", RecordSet);
        cloud.Answer("GET", "/dns/v2/zones/z/recordsets", $$"""
            {"recordsets":[{{RecordSet}},{"id":"t","name":"app.example.org.","type":"TXT","records":["\"x\""],"status":"ACTIVE"},
            {"id":"o","name":"other.example.org.","type":"A","records":["10.1.0.4"],"status":"ACTIVE"}],
            "links":{"self":"http://127.0.0.1:9001/v2/zones/z/recordsets"},"metadata":{"total_count":3} }
            """);

        Body.AssertRead(ExpectedRecordSet, await client.Dns.GetRecordSetAsync("z", "r", Ct));
        Body.AssertRead(ExpectedRecordSet, await client.Dns.FindRecordSetAsync("z", "app.example.org", "A", Ct));
        Assert.Equal(["r", "t"], (await client.Dns.ListRecordSetsAsync("z", "app.example.org.", null, Ct).ToListAsync(Ct))
            .Select(one => one.Id));
        Assert.Equal(["r", "t", "o"], (await client.Dns.ListRecordSetsAsync("z", cancellationToken: Ct).ToListAsync(Ct))
            .Select(one => one.Id));
        await Assert.ThrowsAsync<AmbiguousNameException>(() => client.Dns.FindRecordSetAsync("z", "app.example.org", null, Ct));
        Assert.Equal(
            ["?name=app.example.org.&type=A", "?name=app.example.org.", "", "?name=app.example.org."],
            cloud.Seen("GET", "/recordsets").Select(request => request.Query));
    }

    [Fact]
    public async Task Record_set_is_created_updated_and_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("POST", "/dns/v2/zones/z/recordsets", RecordSet, 202);
        cloud.Answer("PUT", "/dns/v2/zones/z/recordsets/r", RecordSet, 202);
        cloud.Answer("DELETE", "/dns/v2/zones/z/recordsets/r", RecordSet, 202);

        Body.AssertRead(ExpectedRecordSet, await client.Dns.CreateRecordSetAsync(
            "z",
            new NewRecordSet("app.example.org", "A", ["10.1.0.2", "10.1.0.3"]) { Ttl = TimeSpan.FromHours(1), Description = "of a test" },
            Ct));
        await client.Dns.UpdateRecordSetAsync("z", "r", new RecordSetUpdate { Records = ["10.1.0.9"] }, Ct);
        await client.Dns.UpdateRecordSetAsync(
            "z", "r", new RecordSetUpdate { Ttl = TimeSpan.FromMinutes(1), Description = "" }, Ct);
        Assert.True(await client.Dns.DeleteRecordSetAsync("z", "r", Ct));
        Assert.False(await client.Dns.DeleteRecordSetAsync("z", "none", Ct));

        Assert.Equal(
            """{"name":"app.example.org.","type":"A","records":["10.1.0.2","10.1.0.3"],"ttl":3600,"description":"of a test"}""",
            Assert.Single(cloud.Seen("POST", "/recordsets")).Body);
        Assert.Equal(
            ["""{"records":["10.1.0.9"]}""", """{"ttl":60,"description":""}"""],
            cloud.Seen("PUT", "/recordsets/r").Select(request => request.Body));
    }

    [Fact]
    public async Task Waits_end_when_the_name_servers_have_the_change()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Answer("GET", "/dns/v2/zones/z", Zone);
        cloud.Inject("GET", "/zones/z", Fault.Status(200, Zone.Replace("ACTIVE", "PENDING", StringComparison.Ordinal)), 2);
        cloud.Answer("GET", "/dns/v2/zones/bad", Zone.Replace("ACTIVE", "ERROR", StringComparison.Ordinal));
        cloud.Answer("GET", "/dns/v2/zones/z/recordsets/r", RecordSet.Replace("PENDING", "ACTIVE", StringComparison.Ordinal));
        cloud.Inject("GET", "/recordsets/r", Fault.Status(200, RecordSet));
        cloud.Answer("GET", "/dns/v2/zones/z/recordsets/bad", RecordSet.Replace("PENDING", "ERROR", StringComparison.Ordinal));

        Assert.Equal("ACTIVE", (await client.Dns.WaitUntilZoneActiveAsync("z", Minute, Ct)).Status);
        Assert.Equal("ACTIVE", (await client.Dns.WaitUntilRecordSetActiveAsync("z", "r", Minute, Ct)).Status);
        await Assert.ThrowsAsync<ResourceFailedException>(() => client.Dns.WaitUntilZoneActiveAsync("bad", Minute, Ct));
        await Assert.ThrowsAsync<ResourceFailedException>(() => client.Dns.WaitUntilRecordSetActiveAsync("z", "bad", Minute, Ct));

        cloud.Inject("GET", "/zones/gone", Fault.Status(200, Zone.Replace("ACTIVE", "PENDING", StringComparison.Ordinal)));
        cloud.Inject("GET", "/recordsets/gone", Fault.Status(200, RecordSet));
        await client.Dns.WaitUntilZoneDeletedAsync("gone", Minute, Ct);
        await client.Dns.WaitUntilRecordSetDeletedAsync("z", "gone", Minute, Ct);
        await Assert.ThrowsAsync<ResourceFailedException>(() => client.Dns.WaitUntilZoneDeletedAsync("bad", Minute, Ct));
        await Assert.ThrowsAsync<WaitTimeoutException>(() => client.Dns.WaitUntilZoneDeletedAsync("z", Minute, Ct));
        Assert.Single(cloud.Seen("GET", "/zones/gone"));
        Assert.Single(cloud.Seen("GET", "/recordsets/gone"));
    }

    [Fact]
    public async Task Duplicate_and_quota_are_recognised()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = Client(cloud);
        cloud.Inject("POST", "/zones", Fault.Status(409, """
            {"code":409,"type":"duplicate_zone","message":"Duplicate Zone","request_id":"req-1"}
            """));
        cloud.Inject("POST", "/zones", Fault.Status(413, """
            {"code":413,"type":"over_quota","message":"Quota exceeded for zones.","request_id":"req-1"}
            """));
        var zone = new NewZone("example.org", "joe@example.org");

        var duplicate = await Assert.ThrowsAsync<ConflictException>(() => client.Dns.CreateZoneAsync(zone, Ct));
        await Assert.ThrowsAsync<QuotaExceededException>(() => client.Dns.CreateZoneAsync(zone, Ct));

        Assert.Contains("Duplicate Zone", duplicate.Message, StringComparison.Ordinal);
    }

    private static OpenStackClient Client(FakeOpenStack cloud) => cloud.Client(cloud.Config with
    {
        Services = new Dictionary<string, ServiceSettings> { ["dns"] = new() { EndpointOverride = new Uri(cloud.Url + "/dns") } },
    });
}
