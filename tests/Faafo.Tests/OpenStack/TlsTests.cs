using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faafo.OpenStack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>The TLS settings of clouds.yaml, against a server whose authority the machine does not trust.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("faafo-tls-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(true);

    [Fact]
    public async Task Server_is_trusted_by_cacert_or_without_verification_only()
    {
        using var authority = Authority("CN=ours");
        using var stranger = Authority("CN=another");
        await using var server = await StartAsync(Signed("CN=127.0.0.1", authority));

        Assert.Equal("none", await GetAsync(server, new TlsSettings { CaFile = Save("ours.pem", authority) }));
        Assert.Equal("none", await GetAsync(server, new TlsSettings { Verify = false }));
        foreach (var tls in new[] { new TlsSettings(), new TlsSettings { CaFile = Save("another.pem", stranger) } })
        {
            Assert.IsType<AuthenticationException>(
                (await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server, tls))).InnerException);
        }
    }

    [Fact]
    public async Task Client_presents_its_certificate()
    {
        using var authority = Authority("CN=ours");
        await using var server = await StartAsync(Signed("CN=127.0.0.1", authority));
        using var own = Signed("CN=demo", authority);
        var (certificate, key) = (Save("demo.pem", own), Path.Combine(_directory.FullName, "demo.key"));
        await File.WriteAllTextAsync(key, own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), Ct);
        var both = Path.Combine(_directory.FullName, "both.pem");
        await File.WriteAllTextAsync(both, await File.ReadAllTextAsync(certificate, Ct) + "\n" + await File.ReadAllTextAsync(key, Ct), Ct);

        Assert.Equal("CN=demo", await GetAsync(server, new TlsSettings { Verify = false, CertificateFile = certificate, KeyFile = key }));
        Assert.Equal("CN=demo", await GetAsync(server, new TlsSettings { Verify = false, CertificateFile = both }));
        var error = await Assert.ThrowsAsync<CloudConfigException>(
            () => GetAsync(server, new TlsSettings { CertificateFile = certificate }));
        Assert.Contains("no usable certificate and key", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> GetAsync(WebApplication server, TlsSettings tls)
    {
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var http = new HttpClient(HttpPipeline.OpenConnections(tls, new OpenStackClientOptions()));
        return await http.GetStringAsync(address, Ct);
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        var server = builder.Build();
        server.Run(context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none"));
        await server.StartAsync(Ct);
        return server;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(2));
    }

    private static X509Certificate2 Signed(string name, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private string Save(string name, X509Certificate2 certificate)
    {
        var file = Path.Combine(_directory.FullName, name);
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }
}
