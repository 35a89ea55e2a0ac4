namespace Faafo.OpenStack;

/// <summary>
/// Sends each attempt of a request that may change something through <see cref="CloudSession.AroundChange"/>: the last moment at which the
/// program can stop it, after every delay, login and retry.
/// </summary>
internal sealed class ChangeGuard(Func<Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>>?> guard, HttpMessageHandler next)
    : DelegatingHandler(next)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options;
        var context = RequestContext.Of(request);
        var isLogin = context.Anonymous && context.Service == ServiceType.Identity;
        return isRead || isLogin || guard() is not { } around
            ? base.SendAsync(request, cancellationToken)
            : around(() => base.SendAsync(request, cancellationToken));
    }
}
