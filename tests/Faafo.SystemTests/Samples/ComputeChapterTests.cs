using Faafo.OpenStack;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>The chapters that need only instances and networks.</summary>
public sealed class ComputeChapterTests(GuideProject project) : ChapterTest(project)
{
    [Fact]
    public async Task Getting_started()
    {
        var key = Path.Combine(Project.Folder, "id_ed25519.pub");
        var output = await KeepAsync("getting_started", $" --key-file {key}");
        Assert.Equal(["all-in-one", "all-in-one ACTIVE", "default", "demokey", "private", "public", "router"], await NamesAsync());
        Assert.Equal("demokey all-in-one m1.nano",
            await WordsAsync("server show all-in-one -f value -c key_name -c flavor -c security_groups",
            "demokey", "all-in-one", "m1.nano"));
        Assert.Equal("22:22 80:80", await RulesAsync("all-in-one"));

        await RunAsync("getting_started", $" --key-file {key}");
        Assert.Contains("demokey", await Project.InventoryAsync());      // it existed before the second run
        await Project.OpenStackAsync("keypair delete demokey");
        await Project.AssertEmptyAsync();
        Compare("getting_started", output);
    }

    [Fact]
    public async Task Introduction()
    {
        var output = await KeepAsync("introduction");
        Assert.Equal(
            ["all-in-one", "all-in-one ACTIVE", "app-controller ACTIVE", "app-worker-1 ACTIVE", "control", "default", "private", "public",
                "router", "worker"], await NamesAsync());
        Assert.Equal("22:22 5672:5672 80:80", await RulesAsync("control"));
        Assert.Equal("22:22", await RulesAsync("worker"));
        Assert.Equal(3, await AddressesAsync());

        await RunAsync("introduction");
        await Project.AssertEmptyAsync();
        Compare("introduction", output);
    }

    [Fact]
    public async Task Scaling_out_after_the_chapters_before()
    {
        await Project.OpenStackAsync(
            $"security group create control --description {ResourceScope.UserMark("faafo-guide-introduction")} -f value -c name",
            "server create all-in-one --image tiny-linux --flavor m1.nano --network private "
            + $"--tag {ResourceScope.UserMark("faafo-guide-getting-started")} --wait -f value -c name");
        var output = await KeepAsync("scaling_out");
        Assert.Equal(
            ["api", "app-api-1 ACTIVE", "app-api-2 ACTIVE", "app-services ACTIVE", "app-worker-1 ACTIVE", "app-worker-2 ACTIVE",
                "app-worker-3 ACTIVE", "default", "private",
                "public", "router", "services", "worker"], await NamesAsync());
        Assert.Equal("22:22 5432:5432 5672:5672 5672:5672", await RulesAsync("services"));
        Assert.Equal(2, await AddressesAsync());

        await RunAsync("scaling_out");
        await Project.AssertEmptyAsync();
        Compare("scaling_out", output);
    }
}
