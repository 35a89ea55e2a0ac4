namespace Faafo.OpenStack;

/// <summary>
/// Holds the session's token. However many callers need a new one, one login runs; a caller who gives up does not stop it for the others.
/// The token's age is measured from its arrival on the local clock, so that a clock that is wrong does not make it look expired.
/// </summary>
internal sealed class TokenCache(Func<CancellationToken, Task<AuthToken>> login, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private Held? _held;
    private Task<AuthToken>? _login;

    /// <summary>A token with at least two minutes to live (half its life, if that is less).</summary>
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

    /// <summary>Forgets a token that was refused, unless it has been replaced already: of many refusals only the first counts.</summary>
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
            var life = token.ExpiresAt - token.IssuedAt;
            var now = time.GetUtcNow();
            next = new Held(token, now + life - (life / 2 < RefreshMargin ? life / 2 : RefreshMargin), now + life);
        }
        catch (OpenStackException e) when (e is not UnauthorizedException && StillGood() is not null)
        {
            // Keystone is away, but the old token lives on: use it and ask again soon.
            next = StillGood()! with { RefreshAt = time.GetUtcNow() + RetryPause };
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

    private Held? StillGood()
    {
        lock (_lock)
        {
            return _held is { } held && time.GetUtcNow() < held.ExpiresAt ? held : null;
        }
    }

    private sealed record Held(AuthToken Token, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt);
}
