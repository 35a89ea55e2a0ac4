namespace Faafo.Http;

/// <summary>The connections to other programs of Faafo: every HTTP client of the product uses this handler.</summary>
public static class HttpConnections
{
    /// <summary>A service can move behind its name, so a connection in steady use is replaced after this time.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Creates a handler that uses no proxy and closes connections after <see cref="Lifetime"/>.</summary>
    /// <param name="most">The most open connections to one server.</param>
    public static SocketsHttpHandler Create(int most = int.MaxValue) => new()
    {
        ConnectTimeout = ConnectTimeout,
        MaxConnectionsPerServer = most,
        PooledConnectionLifetime = Lifetime,
        UseProxy = false,
    };
}
