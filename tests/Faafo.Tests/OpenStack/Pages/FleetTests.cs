using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Xunit;

namespace Faafo.Tests.OpenStack.Pages;

/// <summary>A test of an application, as docs/openstack/testing.rst shows it.</summary>
public sealed class FleetTests
{
    [Fact]
    public async Task Fleet_does_not_grow_when_the_quota_is_used_up()
    {
        var compute = new FullCompute();

        Assert.False(await new Fleet(new TestClient(compute)).TryGrowAsync(2, TestContext.Current.CancellationToken));
        Assert.Equal(1, compute.Attempts);
    }

    private sealed class TestClient(ComputeService compute) : OpenStackClient
    {
        public override ComputeService Compute => compute;
    }

    private sealed class FullCompute : ComputeService
    {
        public int Attempts { get; private set; }

        public override IAsyncEnumerable<Server> ListServersAsync(
            ServerQuery? query = null, CancellationToken cancellationToken = default) =>
            new[] { new Server { Id = "1", Status = ServerStatus.Active } }.ToAsyncEnumerable();

        public override Task<Server> CreateServerAsync(NewServer server, CancellationToken cancellationToken = default)
        {
            Attempts++;
            throw new QuotaExceededException(ServiceType.Compute, "no more servers");
        }
    }
}
