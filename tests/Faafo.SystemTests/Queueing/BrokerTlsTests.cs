using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Faafo.Queueing;
using Faafo.SystemTests.Flock;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Queueing;

/// <summary>
/// A worker and a broker with TLS, whose self-signed certificate is for localhost and 127.0.0.2. A program reads its trusted authorities
/// once, so each case starts a process.
/// </summary>
public sealed class BrokerTlsTests(BrokerTlsTests.TlsBroker broker) : IClassFixture<BrokerTlsTests.TlsBroker>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.2")]
    public async Task Certificate_for_the_host_of_the_url_is_accepted(string host)
    {
        var vhost = broker.Server.NewVhost();
        await using var worker = StartWorker(vhost, host, trusting: true);
        await using var queue = TaskQueue.Open(vhost.Url.AbsoluteUri, QueueType.Quorum, "a test", TimeProvider.System);

        await Eventually.GetAsync($"a consumer: {worker}", queue.GetDepthAsync, depth => depth.Consumers == 1);

        Assert.DoesNotContain("certificate", worker.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "", true, "its certificate is for another host")]
    [InlineData("127.0.0.1", "?verify=verify_none&server_name_indication=localhost", true, "its certificate is for another host")]
    [InlineData("localhost", "", false, "its certificate is not trusted (")]
    [InlineData("localhost", "?verify=verify_none", false, "its certificate is not trusted (")]
    [InlineData("127.0.0.1", "", false, "its certificate is for another host; its certificate is not trusted (")]
    public async Task Invalid_certificate_is_rejected_with_address_and_reason(
        string host, string query, bool trusting, string reason)
    {
        var vhost = broker.Server.NewVhost();
        await using var worker = StartWorker(vhost, host + ":" + broker.Port, trusting, query);

        await Eventually.TrueAsync($"the reason: {worker}", _ => Task.FromResult(
            worker.Output.Contains($"Task queue unavailable, retrying: RabbitMQ at {host}:{broker.Port}: {reason}",
                StringComparison.Ordinal)));

        Assert.False(await vhost.QueueExistsAsync(TaskQueue.Name, Token));
        Assert.DoesNotContain(vhost.Url.UserInfo.Split(':')[1], worker.Output, StringComparison.Ordinal);
    }

    private ChildProcess StartWorker(TestVhost vhost, string host, bool trusting, string query = "")
    {
        var authority = host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{broker.Port}";
        return ChildProcess.Start(TestFlock.PathOf("Faafo.Worker", "faafo-worker"),
            ["--transport-url", $"amqps://{vhost.Url.UserInfo}@{authority}/{vhost.Name}{query}", "--endpoint-url", "http://127.0.0.1:1",
                "--state-dir", broker.Folder, "--node-name", "worker-tls"],
            trusting ? new Dictionary<string, string> { ["SSL_CERT_FILE"] = broker.CertificateFile } : null);
    }

    /// <summary>A broker with TLS, its certificate and its files.</summary>
    public sealed class TlsBroker : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"tls-{Guid.NewGuid():N}")).FullName;

        public string CertificateFile => Path.Combine(Folder, "certificate.pem");

        public int Port { get; } = FreePort.Next();

        public RabbitMqServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var keyFile = Path.Combine(Folder, "key.pem");
            using var key = RSA.Create(2048);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Parse("127.0.0.2"));
            var request = new CertificateRequest("CN=broker.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(names.Build());
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
            await File.WriteAllTextAsync(CertificateFile, certificate.ExportCertificatePem(), Token);
            await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), Token);
            Server = await RabbitMqServer.StartAsync(vhosts: 10, Token,
                $"listeners.ssl.1 = 127.0.0.1:{Port}", $"listeners.ssl.2 = 127.0.0.2:{Port}", $"ssl_options.cacertfile = {CertificateFile}",
                $"ssl_options.certfile = {CertificateFile}", $"ssl_options.keyfile = {keyFile}", "ssl_options.verify = verify_none");
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
