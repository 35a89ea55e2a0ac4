using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Faafo.OpenStack;

/// <summary>The innermost handler: connections, TLS, and nothing automatic that could leak a token.</summary>
internal static class Connection
{
    public static SocketsHttpHandler Open(TlsSettings tls, OpenStackClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None, // An ETag is that of the bytes as they are stored.
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // Clouds move behind their names.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
        };
        if (!tls.Verify)
        {
#pragma warning disable CA5359 // The user's own configuration says "verify: false".
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (tls.CaFile is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
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
            throw new CloudConfigException($"holds no usable certificate and key: {e.Message}", tls.CertificateFile, 0, e);
        }
    }
}
