using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Faafo.OpenStack;

/// <summary>Builds the chain of handlers that every request passes.</summary>
internal static class HttpPipeline
{
    /// <summary>Chains telemetry, retries, authentication, the guard of changes, redirects and connections, in this order.</summary>
    public static HttpMessageHandler Create(
        TlsSettings tls, OpenStackClientOptions options, TokenCache tokens,
        Func<Func<Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>>?> guard)
    {
        HttpMessageHandler transport = options.Transport is { } own ? new SharedTransport(own) : OpenConnections(tls, options);
        var redirects = new RedirectHandler(transport);
        var retries = new RetryHandler(options, new AuthHandler(tokens, options.Logger, new ChangeGuard(guard, redirects)));
        return new TelemetryHandler(options.TimeProvider, retries);
    }

    /// <summary>Creates the innermost handler: connections and TLS, and nothing automatic that could leak a token.</summary>
    public static SocketsHttpHandler OpenConnections(TlsSettings tls, OpenStackClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None, // An ETag is the hash of the bytes as stored.
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // A cloud's name may move to another address.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
        };
        if (!tls.Verify)
        {
#pragma warning disable CA5359 // The user's own configuration sets "verify: false".
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (tls.CaFile is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(tls.CaFile);
            handler.SslOptions.CertificateChainPolicy = policy;
        }
        if (tls.CertificateFile is not null)
        {
            handler.SslOptions.ClientCertificates = [ReadCertificate(tls)];
        }
        return handler;
    }

    private static X509Certificate2 ReadCertificate(TlsSettings tls)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(tls.CertificateFile!, tls.KeyFile);
        }
        catch (CryptographicException e)
        {
            throw new CloudConfigException($"contains no usable certificate and key: {e.Message}", tls.CertificateFile, 0, e);
        }
    }
}
