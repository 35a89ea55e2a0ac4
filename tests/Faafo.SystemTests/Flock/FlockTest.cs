using Faafo.SystemTests.Servers;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>A test with a flock on the shared servers. If it fails, its output contains that of the programs.</summary>
public abstract class FlockTest(TestServers servers) : IAsyncLifetime
{
    /// <summary>This test's flock; the test starts its programs.</summary>
    protected TestFlock Flock { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Flock = new TestFlock(await NewVhostAsync(), await servers.NewDatabaseAsync(Token));

    public virtual async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{Flock}");
        }
        await Flock.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates the virtual host of the flock.</summary>
    protected virtual Task<TestVhost> NewVhostAsync() => servers.NewVhostAsync();
}
