using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Faafo.OpenStack;

/// <summary>
/// Time limits, retries, connections and logs of a client. The defaults tolerate a cloud that is unavailable for some seconds. A client
/// copies the options when it is created; later changes have no effect on it.
/// </summary>
public sealed record OpenStackClientOptions
{
    /// <summary>The clock for expiry, delays and time limits.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The source of jitter.</summary>
    public Random Random { get; set; } = new();

    /// <summary>
    /// A callback that receives a line such as "server app-1 (id): BUILD" each time a wait polls and is not over, so that a program can
    /// show progress. Called on any thread.
    /// </summary>
    public Action<string>? OnWait { get; set; }

    /// <summary>
    /// A callback that receives a line such as "compute: 'app-1' (id): 'created' cannot be read" for each value of a response that does
    /// not follow the API and is read as absent, so that the rest can be used. Called on any thread.
    /// </summary>
    public Action<string>? OnUnreadable { get; init; }

    /// <summary>The number of attempts per request, from 1.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The upper limit of the first random delay between attempts; it doubles each time.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest random delay between attempts.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest Retry-After that is respected; a longer one ends the retries at once.</summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The time limit of one attempt with its body. For streamed uploads and downloads see <see cref="IdleTimeout"/>.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest stall of a streamed upload or download: the service reads no byte of the body, does not respond, or sends no byte of its
    /// body. The time in which the program itself writes or reads nothing does not count.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The time limit for opening a connection.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most connections to one server; further requests wait for one.</summary>
    public int MaxConnectionsPerServer { get; set; } = 64;

    /// <summary>
    /// The product of the program for the header User-Agent, such as <c>my-app/1.0</c>; it precedes the library's own. <c>null</c> for
    /// none.
    /// </summary>
    public string? UserAgent { get; set; }

    /// <summary>
    /// The handler that sends requests instead of the library's own connections, for tests, proxies and IHttpClientFactory. It has to leave
    /// redirects, cookies and decompression to the client, and <see cref="CloudConfig.Tls"/>, <see cref="ConnectTimeout"/> and
    /// <see cref="MaxConnectionsPerServer"/> do not apply to it. The client does not dispose it. <c>null</c> for the library's own.
    /// </summary>
    public HttpMessageHandler? Transport { get; set; }

    /// <summary>
    /// The loggers; the client uses the category <c>Faafo.OpenStack</c> for logins, retries and waits, with event ids from 4000 to 4999.
    /// <c>null</c> for none.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    internal ILogger Logger => LoggerFactory?.CreateLogger(ClientLog.Category) ?? NullLogger.Instance;
}
