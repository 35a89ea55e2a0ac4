using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Servers;

/// <summary>A broker for the tests that stop it. They run one after another, and no other test uses it.</summary>
[CollectionDefinition(Name)]
public sealed class OutageBroker : ICollectionFixture<OutageBroker>, IAsyncLifetime
{
    public const string Name = "broker outage";

    /// <summary>The broker. A test may leave it running or stopped.</summary>
    public RabbitMqServer Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await RabbitMqServer.StartAsync(vhosts: 10, TestContext.Current.CancellationToken);

    /// <summary>Starts the broker if it is stopped, and creates a virtual host.</summary>
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
