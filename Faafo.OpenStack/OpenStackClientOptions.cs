namespace Faafo.OpenStack;

/// <summary>Time limits, retries and connections of a client. The defaults tolerate a cloud that is unavailable for some seconds.</summary>
public sealed record OpenStackClientOptions
{
    /// <summary>The clock for expiry, delays and time limits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of jitter.</summary>
    public Random Random { get; init; } = new();

    /// <summary>
    /// A callback that receives a line such as "server app-1 (id): BUILD" each time a wait polls and is not over, so that a program can
    /// show progress. Called on any thread.
    /// </summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>
    /// A callback that receives a line such as "compute: 'app-1' (id): 'created' cannot be read" for each value of a response that does
    /// not follow the API and is read as absent, so that the rest can be used. Called on any thread.
    /// </summary>
    public Action<string>? OnUnreadable { get; init; }

    /// <summary>The number of attempts per request, from 1.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The upper limit of the first random delay between attempts; it doubles each time.</summary>
    public TimeSpan RetryBaseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest random delay between attempts.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest Retry-After that is respected; a longer one ends the retries at once.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The time limit of one attempt with its body. For streamed uploads and downloads see <see cref="IdleTimeout"/>.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest stall of a streamed upload or download: the service reads no byte of the body, does not respond, or sends no byte of its
    /// body. The time in which the program itself writes or reads nothing does not count.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time limit for opening a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most connections to one server; further requests wait for one.</summary>
    public int MaxConnectionsPerServer { get; init; } = 64;
}
