using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Cinder's volume types, quotas and extension, in the format of the API reference.</summary>
public sealed class VolumeTypeTests
{
    private const string Root = "/volume/v3/p1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Volume_type_is_listed_read_and_found()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Type = """
            {"id":"t","name":"fast","description":"on flash","is_public":true,"os-volume-type-access:is_public":true,"qos_specs_id":null,
            "extra_specs":{"multiattach":"<is> True"}}
            """;
        cloud.Answer("GET", Root + "/types", $$$"""
            {"volume_types":[{{{Type}}},{"id":"d","name":"__DEFAULT__","description":null,"is_public":true}]}
            """);
        cloud.Answer("GET", Root + "/types/t", $$"""{"volume_type":{{Type}}}""");
        var expected = new VolumeType
        {
            Id = "t",
            Name = "fast",
            Description = "on flash",
            IsPublic = true,
            ExtraSpecs = new Dictionary<string, string> { ["multiattach"] = "<is> True" },
        };

        var listed = await client.BlockStorage.ListVolumeTypesAsync(Ct).ToListAsync(Ct);

        Body.AssertRead(expected, listed[0]);
        Assert.Equal(("__DEFAULT__", 0), (listed[1].Name, listed[1].ExtraSpecs.Count));
        Body.AssertRead(expected, await client.BlockStorage.GetVolumeTypeAsync("t", Ct));
        Body.AssertRead(expected, await client.BlockStorage.FindVolumeTypeAsync("fast", Ct));
        Body.AssertRead(expected, await client.BlockStorage.FindVolumeTypeAsync("t", Ct));
        await Assert.ThrowsAsync<NameNotFoundException>(() => client.BlockStorage.FindVolumeTypeAsync("slow", Ct));
    }

    [Fact]
    public async Task Volume_is_extended()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", Root + "/volumes/v/action", "", 202);

        await client.BlockStorage.ExtendVolumeAsync("v", 5, Ct);

        Assert.Equal("""{"os-extend":{"new_size":5}}""", Assert.Single(cloud.Seen("POST", "/volumes/v/action")).Body);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.BlockStorage.ExtendVolumeAsync("v", 0, Ct));
    }

    [Fact]
    public async Task Extension_that_fails_ends_the_wait()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        foreach (var status in (string[])["extending", "error_extending"])
        {
            cloud.Inject("GET", "/volumes/v", Fault.Status(200, $$$"""{"volume":{"id":"v","status":"{{{status}}}","size":3}}"""));
        }

        var error = await Assert.ThrowsAsync<ResourceFailedException>(
            () => client.BlockStorage.WaitUntilStatusAsync("v", "available", TimeSpan.FromMinutes(1), Ct));

        Assert.Equal("error_extending", error.Status);
    }

    [Fact]
    public async Task Quotas_are_read_with_their_use()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Root + "/os-quota-sets/p1", """
            {"quota_set":{"id":"p1","volumes":{"in_use":3,"limit":10,"reserved":1},"gigabytes_fast":{"in_use":0,"limit":-1,"reserved":0}}}
            """);

        var usage = await client.BlockStorage.GetQuotaUsageAsync("p1", Ct);

        Assert.Equal(["gigabytes_fast", "volumes"], usage.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new QuotaUsage { Used = 3, Reserved = 1, Limit = 10 }, usage["volumes"]);
        Assert.Equal(-1, usage["gigabytes_fast"].Limit);
        Assert.Equal("?usage=true", Assert.Single(cloud.Seen("GET", "/os-quota-sets/p1")).Query);
    }

    [Theory]
    [InlineData("""{"quota_set":{"volumes":{"in_use":"many","limit":1}}}""")]
    [InlineData("""{"quota_set":{"volumes":{"in_use":1}}}""")]
    [InlineData("""{"quota_set":[]}""")]
    [InlineData("{}")]
    public async Task Malformed_quotas_are_reported(string body)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", Root + "/os-quota-sets/p1", body);

        await Assert.ThrowsAsync<MalformedAnswerException>(() => client.BlockStorage.GetQuotaUsageAsync("p1", Ct));
    }
}
