using System.Net;

namespace Faafo.OpenStack;

/// <summary>
/// Follows redirects on the same host with the same method and body. The framework's own redirects would send the token to any host, and
/// turn Heat's 302 for a POST into a GET.
/// </summary>
internal sealed class RedirectHandler(HttpMessageHandler next) : DelegatingHandler(next)
{
    private const int MaxRedirects = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var original = request.RequestUri!;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                var target = Target(request.RequestUri!, response);
                if (redirects == MaxRedirects || target is null || !RequestContext.CanReplay(request))
                {
                    return response;
                }
                response.Dispose();
                request.RequestUri = target;
            }
        }
        finally
        {
            // A retry starts from the original address.
            request.RequestUri = original;
        }
    }

    /// <summary>Finds the target of a redirect; <c>null</c> if the response is not a redirect, or leads to another host.</summary>
    public static Uri? Target(Uri from, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
        {
            return null;
        }
        if (!Uri.TryCreate(from, location, out var to))
        {
            return null;
        }

        // Behind a proxy that terminates TLS, a service uses http in its own addresses: keep our scheme if the host is the same.
        var sameOrigin = to.Scheme == from.Scheme && to.Authority == from.Authority;
        var downgraded = from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp && to.Host == from.Host;
        if (sameOrigin)
        {
            return to;
        }
        return downgraded ? new Uri(from.GetLeftPart(UriPartial.Authority) + to.PathAndQuery) : null;
    }
}
