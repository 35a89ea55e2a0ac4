using Faafo.SystemTests.Servers;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>A test with a flock on the shared servers; what the programs wrote is shown when it fails.</summary>
public abstract class FlockTest(TestServers servers) : IAsyncLifetime
{
    /// <summary>This test's flock; nothing of it runs yet.</summary>
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

    /// <summary>The flock's virtual host.</summary>
    protected virtual Task<TestVhost> NewVhostAsync() => servers.NewVhostAsync();
}
