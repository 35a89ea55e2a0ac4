using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.SystemTests.Flock;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>API and worker with their pictures in a real Swift.</summary>
public sealed class SwiftImageStoreTests
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"swift-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task Pictures_are_stored_in_Swift_and_served_streamed_or_by_redirect()
    {
        await using var cloud = Connect();
        var container = Unique("images");
        try
        {
            var streaming = FreePort.Next();
            var redirecting = FreePort.Next();
            await using var api = await StartApiAsync(streaming, container);
            await using var other = await StartApiAsync(redirecting, container, "--image-redirect");
            await using var worker = Start("Faafo.Worker", "faafo-worker", container, "--endpoint-url", $"http://127.0.0.1:{streaming}");
            var client = FaafoClient.Connect(new Uri($"http://127.0.0.1:{streaming}"));
            var uuid = Guid.NewGuid();
            await client.CreateAsync(new NewFractal(uuid, 2000, 1500, 300, -1.5, 1.5, -1, 1) { Cx = -0.7, Cy = 0.27 }, Ct);
            var done = await Eventually.GetAsync("the fractal is drawn", async stop => await client.FindAsync(uuid, stop),
                fractal => worker.HasExited ? throw new InvalidOperationException($"{worker}") : fractal is { IsFinished: true });
            Assert.Equal(FractalStatus.Done, done!.Status);

            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
            var streamed = await http.GetByteArrayAsync(new Uri($"http://127.0.0.1:{streaming}/fractal/{uuid}"), Ct);
            Assert.Equal(done.Checksum, Convert.ToHexStringLower(SHA256.HashData(streamed)));
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{streaming}/fractal/{uuid}");
            request.Headers.Range = new RangeHeaderValue(1000, 1999);
            using var range = await http.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
            Assert.Equal(streamed[1000..2000], await range.Content.ReadAsByteArrayAsync(Ct));

            using var redirect = await http.GetAsync(new Uri($"http://127.0.0.1:{redirecting}/fractal/{uuid}"), Ct);
            Assert.Equal(HttpStatusCode.Redirect, redirect.StatusCode);
            Assert.Equal(streamed, await http.GetByteArrayAsync(redirect.Headers.Location, Ct));
            Assert.Equal($"{uuid}.png", await OpenStackAsync($"object list {container} -f value"));

            Assert.True(await client.DeleteAsync(uuid, Ct));
            Assert.Equal("", await OpenStackAsync($"object list {container} -f value"));
        }
        finally
        {
            await foreach (var item in cloud.ObjectStorage.ListObjectsAsync(container, cancellationToken: CancellationToken.None))
            {
                await cloud.ObjectStorage.DeleteObjectAsync(container, item.Name!, CancellationToken.None);
            }
            await cloud.ObjectStorage.DeleteContainerAsync(container, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Diagnose_reports_a_working_cloud_and_lists_the_configured_clouds()
    {
        await using var cloud = Connect();
        await using var good = ChildProcess.Start(TestFlock.PathOf("Faafo.Scaler", "faafo-scaler"), ["diagnose", "--cloud", "devcloud"],
            Environment);
        Assert.Equal(0, await good.WaitAsync(Ct));
        Assert.Contains("No problem found.", good.Output, StringComparison.Ordinal);
        await using var unknown = ChildProcess.Start(TestFlock.PathOf("Faafo.Scaler", "faafo-scaler"), ["diagnose", "--cloud", "elsewhere"],
            Environment);
        Assert.Equal(2, await unknown.WaitAsync(Ct));
        Assert.Contains("devcloud", unknown.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Environment =>
        new() { ["OS_CLIENT_CONFIG_FILE"] = System.Environment.GetEnvironmentVariable(Variable)! };

    private async Task<ChildProcess> StartApiAsync(int port, string container, params string[] more)
    {
        var api = Start("Faafo.Api", "faafo-api", container, ["--urls", $"http://127.0.0.1:{port}", .. more]);
        await TestFlock.WaitUntilReadyAsync(api, FaafoClient.Connect(new Uri($"http://127.0.0.1:{port}")));
        return api;
    }

    private ChildProcess Start(string project, string program, string container, params string[] arguments) => ChildProcess.Start(
        TestFlock.PathOf(project, program),
        ["--state-dir", _folder, "--image-store-url", $"swift:devcloud/{container}", "--node-name", $"{program}-{Guid.NewGuid():N}",
            .. arguments], Environment);
}
