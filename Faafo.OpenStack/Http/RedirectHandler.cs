using System.Net;

namespace Faafo.OpenStack;

/// <summary>
/// Follows redirects that stay on the same host, with the same method and body. The framework's own would send the token to any host
/// that a redirect names, and would turn Heat's 302 for a POST into a GET.
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
                if (redirects == MaxRedirects || Target(request.RequestUri!, response) is not { } target || !RequestContext.CanReplay(request))
                {
                    return response;
                }
                response.Dispose();
                request.RequestUri = target;
            }
        }
        finally
        {
            // A retry starts from the original again.
            request.RequestUri = original;
        }
    }

    /// <summary>Where to go on; <c>null</c> when the answer is no redirect, or one to elsewhere.</summary>
    public static Uri? Target(Uri from, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
        {
            return null;
        }
        var to = location.IsAbsoluteUri ? location : new Uri(from, location);

        // Behind a proxy that ends TLS a service says http of itself: the host is the same, and ours is the scheme to keep.
        var sameOrigin = to.Scheme == from.Scheme && to.Authority == from.Authority;
        var downgraded = from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp && to.Host == from.Host;
        return sameOrigin ? to : downgraded ? new Uri(from.GetLeftPart(UriPartial.Authority) + to.PathAndQuery) : null;
    }
}
