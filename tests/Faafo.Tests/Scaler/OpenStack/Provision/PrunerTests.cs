using System.Text;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Provision;

public sealed class PrunerTests
{
    private static readonly ResourceNames Names = new("faafo", "p1", "One", "0123456789ab");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Earlier_bundles_are_deleted_once_no_instance_was_made_from_them(bool hasDrifted)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await SecretStore.EnsureContainerAsync(client, Names, Names.Container, _ => { }, Ct);
        await FlockRegistration.EnsureAsync(client, Names, id: null, _ => { }, Ct);
        Store("bundle-1111111111111111.tar.gz", Names.Id);
        Store("bundle-2222222222222222.tar.gz", Names.Id);
        Store("bundle-3333333333333333.tar.gz", "ba9876543210");
        Store("bundle.json", Names.Id, """{"Object":"bundle-2222222222222222.tar.gz","Sha256":"2222222222222222"}""");
        var instances = new FakeInstanceProvider(cloud.Time);
        if (hasDrifted)
        {
            instances.Drifted.Add("s");
        }
        var progress = new List<string>();

        await new Pruner(client, FlockSpec.Of("fake"), Names, progress.Add).RemoveOldBundlesAsync(instances, Ct);

        Assert.Equal(hasDrifted, cloud.Swift.Objects.ContainsKey("faafo/bundle-1111111111111111.tar.gz"));
        Assert.Equal(hasDrifted ? [] : ["- bundle bundle-1111111111111111.tar.gz: no instance was made from it"], progress);
        Assert.Equal(hasDrifted ? 4 : 3, cloud.Swift.Objects.Count);

        void Store(string name, string id, string content = "") => cloud.Swift.Objects[$"faafo/{name}"] =
            (Encoding.UTF8.GetBytes(content), "application/json", new() { ["X-Object-Meta-Flock-Id"] = id });
    }
}
