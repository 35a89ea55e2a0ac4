using System.Collections.Concurrent;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>One odd value does not cost the resource, and one odd resource does not cost the list.</summary>
public sealed class LenientReadingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"created\":\"yesterday\"", "created")]
    [InlineData("\"created\":7", "created")]
    [InlineData("\"addresses\":{\"a\":[{\"version\":4}]}", "addresses")]
    [InlineData("\"flavor\":[]", "flavor")]
    [InlineData("\"tags\":\"a,b\"", "tags")]
    [InlineData("\"fault\":\"broken\"", "fault")]
    [InlineData("\"name\":[]", "name")]
    public async Task Odd_value_is_read_as_absent_and_reported(string member, string reported)
    {
        var lines = new ConcurrentQueue<string>();
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(options: new OpenStackClientOptions { OnUnreadable = lines.Enqueue });
        cloud.Answer("GET", "/compute/v2.1/servers/detail", $$"""
            {"servers":[{"id":"1","status":"ACTIVE"},{"id":"2","status":"ACTIVE","key_name":"k",{{member}}},{"id":"3","status":"ERROR"}]}
            """);

        var servers = await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(["1", "2", "3"], servers.Select(server => server.Id));
        Assert.Equal("k", servers[1].KeyName);
        Assert.Contains(reported, Assert.Single(lines), StringComparison.Ordinal);
        Assert.StartsWith("compute: 2", lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_of_another_kind_that_means_the_same_is_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/volume/v3/p1/volumes/v", """
            {"volume":{"id":"v","status":"available","size":"3","metadata":{"readonly":false,"n":7,"t":"x"}}}
            """);
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """{"flavor":{"id":"1","name":"small","vcpus":2.0,"ram":"2048","disk":1e1}}""");

        var volume = await client.BlockStorage.GetVolumeAsync("v", Ct);
        var flavor = await client.Compute.GetFlavorAsync("1", Ct);

        Assert.Equal((3, "false", "7", "x"), (volume.Size, volume.Metadata["readonly"], volume.Metadata["n"], volume.Metadata["t"]));
        Assert.Equal((2, 2048, 10), (flavor.Vcpus, flavor.Ram, flavor.Disk));
    }

    [Fact]
    public async Task Number_that_cannot_be_read_is_not_zero()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/limits", """{"limits":{"absolute":{"maxTotalRAMSize":1099511627776,"maxTotalCores":-1}}}""");
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """{"flavor":{"id":"1","name":"small","vcpus":"many"}}""");

        var limits = await client.Compute.GetLimitsAsync(Ct);

        Assert.Equal((int.MaxValue, -1), (limits.MaxRam, limits.MaxCores));
        await Assert.ThrowsAsync<MalformedAnswerException>(() => client.Compute.GetFlavorAsync("1", Ct));
    }

    [Fact]
    public async Task Server_without_a_status_is_UNKNOWN()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/servers/detail", """
            {"servers":[{"id":"1"},{"id":"2","status":null},{"id":"3","status":"ACTIVE"}]}
            """);

        var servers = await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(["UNKNOWN", "UNKNOWN", "ACTIVE"], servers.Select(server => server.Status));
    }

    [Fact]
    public async Task Unreadable_item_is_named_after_the_others_were_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/servers/detail", """
            {"servers":[{"id":"1","status":"ACTIVE"},{"name":"odd","status":"ACTIVE"},null,{"id":"3","status":"ACTIVE"}]}
            """);
        var read = new List<string>();

        var error = await Assert.ThrowsAsync<MalformedAnswerException>(async () =>
        {
            await foreach (var server in client.Compute.ListServersAsync(cancellationToken: Ct))
            {
                read.Add(server.Id);
            }
        });

        Assert.Equal(["1", "3"], read);
        Assert.Contains("'odd'", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 of 'servers'", error.Message, StringComparison.Ordinal);
    }
}
