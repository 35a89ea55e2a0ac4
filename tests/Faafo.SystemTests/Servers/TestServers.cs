using Faafo.TestKit.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(Faafo.SystemTests.Servers.TestServers))]

namespace Faafo.SystemTests.Servers;

/// <summary>The servers that the tests of a run share. Each starts when the first test needs it.</summary>
public sealed class TestServers : IAsyncDisposable
{
    private const int Vhosts = 120;

    private readonly Lazy<Task<RabbitMqServer>> _rabbitMq = new(() => RabbitMqServer.StartAsync(Vhosts, CancellationToken.None));
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartAsync(CancellationToken.None));

    /// <summary>Creates a virtual host on the shared broker.</summary>
    public async Task<TestVhost> NewVhostAsync() => (await _rabbitMq.Value).NewVhost();

    /// <summary>Creates a database on the shared PostgreSQL server.</summary>
    public async Task<TestDatabase> NewDatabaseAsync(CancellationToken cancellationToken) =>
        await (await _postgres.Value).NewDatabaseAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_rabbitMq.IsValueCreated)
        {
            await (await _rabbitMq.Value).DisposeAsync();
        }
        if (_postgres.IsValueCreated)
        {
            await (await _postgres.Value).DisposeAsync();
        }
    }
}
