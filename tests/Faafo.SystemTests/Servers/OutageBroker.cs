using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Servers;

/// <summary>The tests that take the broker away share one that no other test uses, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class OutageBroker : ICollectionFixture<OutageBroker>, IAsyncLifetime
{
    public const string Name = "the broker goes away";

    /// <summary>The broker; a test leaves it running or stopped as it likes.</summary>
    public RabbitMqServer Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await RabbitMqServer.StartAsync(vhosts: 10, TestContext.Current.CancellationToken);

    /// <summary>A virtual host of the running broker.</summary>
    public async Task<TestVhost> NewVhostAsync()
    {
        if (!Broker.IsRunning)
        {
            await Broker.StartAgainAsync();
        }
        return Broker.NewVhost();
    }

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}
