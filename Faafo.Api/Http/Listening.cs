using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Faafo.Api.Http;

/// <summary>Configures Kestrel: addresses, and the HTTP version of each.</summary>
internal static class Listening
{
    public static void ListenOn(this WebApplicationBuilder builder, string urls)
    {
        var http2Ports = urls.Split(';').Where(url => url.StartsWith(ApiOptions.Http2Scheme, StringComparison.Ordinal))
            .Select(url => BindingAddress.Parse(url).Port).ToHashSet();
        builder.WebHost.UseUrls(urls.Replace(ApiOptions.Http2Scheme, "http://", StringComparison.Ordinal));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(listen =>
            {
                if (listen.IPEndPoint is { } endpoint && http2Ports.Contains(endpoint.Port))
                {
                    listen.Protocols = HttpProtocols.Http2;
                }
            });
        });
    }

    /// <summary>Whether other hosts can reach an address that the API listens on.</summary>
    public static bool IsBeyondLoopback(string address) => !(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.IsLoopback);
}
