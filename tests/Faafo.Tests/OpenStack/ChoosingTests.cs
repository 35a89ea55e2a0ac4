using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Faafo.OpenStack.Images;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>The image, flavor and network that the client chooses, named or not.</summary>
public sealed class ChoosingTests
{
    private const long GiB = 1L << 30;

    private static readonly Image Debian = new() { Id = "i", Name = "debian", Status = "active" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0, null, 0, "tiny")]
    [InlineData(0, 0, GiB, 0, "tiny")]
    [InlineData(0, 0, GiB + 1, 0, "small")] // Glance's default min_disk is 0; Nova rejects a disk that is smaller than the image.
    [InlineData(0, 5, GiB, 0, "large")]
    [InlineData(0, 41, GiB, 0, "diskless")] // A flavor without a disk gets one of the image's size.
    [InlineData(600, 0, GiB, 0, "small")]
    [InlineData(0, 0, GiB, 4096, "large")]
    public async Task Smallest_flavor_that_fits_the_image_is_chosen(int ram, int disk, long? size, int leastRam, string flavor)
    {
        await using var cloud = await StartAsync();
        await using var client = cloud.Client();
        var image = Debian with { MinRam = ram, MinDisk = disk, Size = size };

        Assert.Equal(flavor, (await client.Compute.ChooseFlavorAsync(null, image, leastRam, Ct)).Name);
    }

    [Theory]
    [InlineData(true, "nat_source", "ext-2")]
    [InlineData(true, "routes_externally", "ext-1")]
    [InlineData(false, "nat_destination", "in-2")]
    [InlineData(false, "other", "in-1")]
    public async Task Network_is_the_one_that_the_configuration_chooses(bool external, string key, string expected)
    {
        await using var cloud = await StartAsync();
        foreach (var name in (string[])["ext-1", "ext-2", "in-1", "in-2"])
        {
            cloud.Network.Networks.Add(new JsonObject
            {
                ["id"] = $"id-of-{name}",
                ["name"] = name,
                ["project_id"] = "p1",
                ["router:external"] = name.StartsWith("ext", StringComparison.Ordinal),
            });
        }
        ConfiguredNetwork[] networks = key switch
        {
            "nat_source" => [new("ext-1") { RoutesExternally = true }, new("ext-2") { RoutesExternally = true, IsNatSource = true }],
            "nat_destination" => [new("in-1"), new("in-2") { IsNatDestination = true }],
            _ => [new("ext-1") { RoutesExternally = true }, new("in-1")],
        };
        await using var client = cloud.Client(cloud.Config with { Networks = networks });

        Assert.Equal(expected, (await client.Networking.ChooseNetworkAsync(null, external, Ct)).Name);
        await using var without = cloud.Client();
        await Assert.ThrowsAsync<ChoiceException>(() => without.Networking.ChooseNetworkAsync(null, external, Ct));
    }

    [Fact]
    public async Task Named_flavor_that_is_too_small_is_rejected()
    {
        await using var cloud = await StartAsync();
        await using var client = cloud.Client();
        var image = Debian with { MinRam = 256, Size = (3 * GiB) + 1 };

        var error = await Assert.ThrowsAsync<ChoiceException>(() => client.Compute.ChooseFlavorAsync("tiny", image, Ct));

        Assert.Equal((ChoiceProblem.Unsuitable, "flavor", "tiny"), (error.Problem, error.Resource, Assert.Single(error.Choices)));
        Assert.Equal(
            "tiny (512 MiB of memory, 1 GiB of disk) is too small for the image debian, which needs 256 MiB and 4 GiB", error.Message);
        Assert.Equal("small", (await client.Compute.ChooseFlavorAsync("small", image, Ct)).Name);
    }

    [Fact]
    public async Task Image_that_fits_in_no_flavor_lists_the_flavors()
    {
        await using var cloud = await StartAsync();
        await using var client = cloud.Client();

        var error = await Assert.ThrowsAsync<ChoiceException>(
            () => client.Compute.ChooseFlavorAsync(null, Debian with { MinRam = 9000, MinDisk = 2 }, Ct));

        Assert.Equal(ChoiceProblem.None, error.Problem);
        Assert.Equal("no flavor has 9000 MiB of memory and 2 GiB of disk; choose one of: tiny, small, large, diskless", error.Message);
    }

    [Theory]
    [InlineData("", ChoiceProblem.None, "there is no image to choose")]
    [InlineData(""",{"id":"a","name":"b","status":"active"},{"id":"c","name":"a","status":"active"}""",
        ChoiceProblem.Several, "there are several images; choose one of: a, b")]
    public async Task Image_without_a_name_must_be_the_only_active_one(string images, ChoiceProblem problem, string message)
    {
        await using var cloud = await StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images", $$"""{"images":[{"id":"q","name":"queued","status":"queued"}{{images}}]}""");

        var error = await Assert.ThrowsAsync<ChoiceException>(() => client.Images.ChooseImageAsync(null, Ct));

        Assert.Equal((problem, message), (error.Problem, error.Message));
    }

    [Fact]
    public async Task Administrator_does_not_get_the_network_of_another_project()
    {
        await using var cloud = await StartAsync();
        await using var client = cloud.Client();
        cloud.IsAdmin = true;
        cloud.Network.Networks.Add(Network("n2", "theirs", "p2"));
        cloud.Network.Networks.Add(Network("n3", "inside", "p2"));

        Assert.Equal("n1", (await client.Networking.ChooseNetworkAsync(null, cancellationToken: Ct)).Id);
        Assert.Equal("n1", (await client.Networking.ChooseNetworkAsync("inside", cancellationToken: Ct)).Id);
        var error = await Assert.ThrowsAsync<ChoiceException>(() => client.Networking.ChooseNetworkAsync("theirs", cancellationToken: Ct));
        Assert.Equal(ChoiceProblem.Unsuitable, error.Problem);
        Assert.Equal("the network theirs (n2) belongs to another project, and is neither shared nor external", error.Message);
    }

    [Fact]
    public async Task Several_networks_are_listed()
    {
        await using var cloud = await StartAsync();
        await using var client = cloud.Client();
        cloud.Network.Networks.Add(Network("n2", "annex", "p1"));

        var error = await Assert.ThrowsAsync<ChoiceException>(() => client.Networking.ChooseNetworkAsync(null, cancellationToken: Ct));

        Assert.Equal((ChoiceProblem.Several, "network"), (error.Problem, error.Resource));
        Assert.Equal(["annex", "inside"], error.Choices);
    }

    private static JsonObject Network(string id, string name, string project) =>
        new() { ["id"] = id, ["name"] = name, ["router:external"] = false, ["status"] = "ACTIVE", ["project_id"] = project };

    private static async Task<FakeOpenStack> StartAsync()
    {
        var cloud = await FakeOpenStack.StartAsync();
        cloud.Answer("GET", "/compute/v2.1/flavors/detail", """
            {"flavors":[{"id":"1","name":"tiny","ram":512,"vcpus":1,"disk":1},{"id":"2","name":"small","ram":2048,"vcpus":1,"disk":4},
            {"id":"3","name":"large","ram":4096,"vcpus":2,"disk":40},{"id":"4","name":"diskless","ram":8192,"vcpus":4,"disk":0}]}
            """);
        return cloud;
    }
}
