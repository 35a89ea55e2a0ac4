namespace Faafo.OpenStack;

/// <summary>How a client behaves on the wire. The defaults suit a program that must survive a cloud's bad minutes.</summary>
public sealed record OpenStackClientOptions
{
    /// <summary>The clock for expiry, delays and time limits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of jitter.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>
    /// Is told, in a line for people, what is waited for and how it is, each time a wait looks and it is not over: a program can show that it is
    /// alive. Called on any thread; <c>null</c> for silence.
    /// </summary>
    public Action<string>? OnWait { get; init; }

    /// <summary>How often a request is tried in all, from 1.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The upper end of the first random pause between attempts; it doubles each time.</summary>
    public TimeSpan RetryBaseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest random pause between attempts.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest Retry-After that is obeyed; a longer one ends the retries at once.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The limit of one attempt, body included. For streamed uploads and downloads see <see cref="IdleTimeout"/>.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a streamed upload or download, which may take any time, may stand still: the service takes no byte of the body, or does not
    /// answer, or sends no byte of its body. The time in which the program itself writes or reads nothing does not count.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The limit of opening a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections are kept to one server; more requests wait for one.</summary>
    public int MaxConnectionsPerServer { get; init; } = 64;
}
