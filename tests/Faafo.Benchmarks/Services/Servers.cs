using Faafo.TestKit.Servers;

namespace Faafo.Benchmarks.Services;

/// <summary>
/// One RabbitMQ and one PostgreSQL for all comparisons of a run, started by the first one that needs them and stopped with this process.
/// For the baseline and for Faafo alike, a commit waits for the disk and a message for the broker's confirm.
/// </summary>
internal static class Servers
{
    private const int Vhosts = 40;

    private static readonly Lazy<PostgresServer> Postgres = new(() =>
        PostgresServer.StartAsync(CancellationToken.None, durable: true).GetAwaiter().GetResult());

    private static readonly Lazy<RabbitMqServer> RabbitMq = new(() =>
        RabbitMqServer.StartAsync(Vhosts, CancellationToken.None).GetAwaiter().GetResult());

    /// <summary>Creates an empty database.</summary>
    public static TestDatabase NewDatabase() => Postgres.Value.NewDatabaseAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Returns an empty virtual host.</summary>
    public static TestVhost NewVhost() => RabbitMq.Value.NewVhost();
}
