using Microsoft.Extensions.Logging;

namespace Faafo.OpenStack;

/// <summary>
/// Caches the session's token. Concurrent callers share one login; cancelling one caller does not cancel the login for the others. The
/// token's age is measured from its arrival by the local clock, so that clock skew does not make it look expired.
/// </summary>
internal sealed class TokenCache(Func<CancellationToken, Task<AuthToken>> login, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private Held? _held;
    private Task<AuthToken>? _login;

    /// <summary>Gets a token that is valid for at least two minutes (or half its lifetime, if that is less).</summary>
    public async Task<AuthToken> GetAsync(CancellationToken cancellationToken)
    {
        Task<AuthToken> running;
        lock (_lock)
        {
            if (_held is { } held && time.GetUtcNow() < held.RefreshAt)
            {
                return held.Token;
            }
            running = _login ??= Task.Run(LoginAsync, CancellationToken.None);
        }
        return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Discards a rejected token, unless it was already replaced: of concurrent rejections only the first counts.</summary>
    public void Invalidate(string tokenId)
    {
        lock (_lock)
        {
            if (_held?.Token.Id == tokenId)
            {
                _held = null;
            }
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task<AuthToken> LoginAsync()
    {
        Held? next = null;
        try
        {
            var token = await login(_closing.Token).ConfigureAwait(false);
            var lifetime = token.ExpiresAt - token.IssuedAt;
            var margin = lifetime / 2 < RefreshMargin ? lifetime / 2 : RefreshMargin;
            var now = time.GetUtcNow();
            next = new Held(token, now + lifetime - margin, now + lifetime);
        }
        catch (OpenStackException e) when (e is not UnauthorizedException && StillValid() is not null)
        {
            // Keystone is unavailable, but the old token is still valid: use it and retry soon.
            next = StillValid()! with { RefreshAt = time.GetUtcNow() + RetryPause };
            ClientLog.RenewalFailed(logger, next.ExpiresAt, e.Message);
        }
        finally
        {
            lock (_lock)
            {
                _held = next ?? _held;
                _login = null;
            }
        }
        return next.Token;
    }

    private Held? StillValid()
    {
        lock (_lock)
        {
            return _held is { } held && time.GetUtcNow() < held.ExpiresAt ? held : null;
        }
    }

    private sealed record Held(AuthToken Token, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt);
}
