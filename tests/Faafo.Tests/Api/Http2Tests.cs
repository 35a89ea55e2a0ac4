using System.Net;
using System.Net.Sockets;
using Faafo.Api;
using Faafo.Options;
using Faafo.Queueing;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class Http2Tests : IDisposable
{
    private readonly StateDirectory _state = new(Directory.CreateTempSubdirectory("faafo-http2-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Address_with_h2c_speaks_HTTP_2_and_other_addresses_HTTP_1()
    {
        var (plain, http2) = (FreePort(), FreePort());
        await using var app = ApiHost.Build(new ApiOptions(
            $"http://127.0.0.1:{plain};h2c://127.0.0.1:{http2}", _state.TransportUrl, QueueType.Quorum, _state.DatabaseUrl,
            _state.ImageStoreUrl, ImageRedirect: false, "api-under-test", TimeSpan.FromSeconds(5)));
        await ApiHost.StartAsync(app, Token);

        Assert.Equal((HttpStatusCode.OK, new Version(1, 1)), await GetAsync(plain, HttpVersion.Version11));
        Assert.Equal((HttpStatusCode.OK, new Version(2, 0)), await GetAsync(http2, HttpVersion.Version20));

        await app.StopAsync(Token);
    }

    public void Dispose() => Directory.Delete(_state.Path, recursive: true);

    private static async Task<(HttpStatusCode, Version)> GetAsync(int port, Version version)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/v1/fractal")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request, Token);
        return (response.StatusCode, response.Version);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
