using System.Net;
using Microsoft.Extensions.Logging;

namespace Faafo.OpenStack;

/// <summary>Adds the token. On 401 it logs in again, once for all requests with the same token, and repeats the request once.</summary>
internal sealed class AuthHandler(TokenCache tokens, ILogger logger, HttpMessageHandler next) : DelegatingHandler(next)
{
    public const string TokenHeader = "X-Auth-Token";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (RequestContext.Of(request).Anonymous)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        var (response, token) = await SendWithTokenAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }
        tokens.Invalidate(token);
        if (!RequestContext.CanReplay(request))
        {
            return response;
        }
        response.Dispose();
        if (logger.IsEnabled(LogLevel.Information))
        {
            var service = RequestContext.Of(request).Service;
            var route = RouteTemplate.Of(service, request.RequestUri!);
            ClientLog.TokenRejected(logger, service.Name, request.Method.Method, route);
        }
        return (await SendWithTokenAsync(request, cancellationToken).ConfigureAwait(false)).Response;
    }

    private async Task<(HttpResponseMessage Response, string Token)> SendWithTokenAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        request.Headers.Remove(TokenHeader);
        request.Headers.TryAddWithoutValidation(TokenHeader, token.Id);
        return (await base.SendAsync(request, cancellationToken).ConfigureAwait(false), token.Id);
    }
}
