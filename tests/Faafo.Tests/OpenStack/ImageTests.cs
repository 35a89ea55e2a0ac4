using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Glance: images in the format of the API reference.</summary>
public sealed class ImageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ambiguous_image_name_is_rejected()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images", """
            {"images":[{"id":"a","name":"debian","status":"active","size":1,"checksum":"x","disk_format":"qcow2","min_disk":0,"min_ram":0,
            "tags":[],"created_at":"2030-01-01T00:00:00Z"},
            {"id":"b","name":"debian","status":"active"},{"id":"c","name":"debian-12","status":"active"}],"schema":"/v2/schemas/images",
            "first":"/v2/images"}
            """);

        Assert.Equal(["a", "b"], (await Assert.ThrowsAsync<AmbiguousNameException>(() => client.Images.FindImageAsync("debian", Ct))).Ids);
        Assert.Equal("c", (await client.Images.FindImageAsync("debian-12", Ct)).Id);
    }
}
