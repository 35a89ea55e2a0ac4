using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Queueing;
using Faafo.TestKit.OpenStack;
using Faafo.Tests.Api;
using Faafo.Worker;
using Xunit;

namespace Faafo.Tests.Worker;

/// <summary>A worker and an API with separate image folders.</summary>
public sealed class SeparateStoreTests(TestApi api) : IClassFixture<TestApi>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-worker-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Images_of_a_worker_with_its_own_store_are_served_by_the_API()
    {
        var options = new WorkerOptions(
            api.Endpoint, "", QueueType.Quorum, "", "w1", 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var images = ImageStore.Open($"file:{_folder}");
        var handler = WorkerParts.CreateHandler(options, images, api.Client, new InFlightTasks(), new SkippingTime());

        for (var i = 0; i < 2; i++)
        {
            var uuid = await api.CreateAsync();
            var fractal = (await api.Client.FindAsync(uuid, Token))!;
            var delivery = new Message(new FractalTask
            {
                Uuid = uuid,
                Width = fractal.Width,
                Height = fractal.Height,
                Iterations = fractal.Iterations,
                Xa = fractal.Xa,
                Xb = fractal.Xb,
                Ya = fractal.Ya,
                Yb = fractal.Yb,
                Cx = fractal.Cx,
                Cy = fractal.Cy,
            }.ToUtf8());
            await handler.HandleAsync(delivery, Token);

            var row = (await api.Client.FindAsync(uuid, Token))!;
            var png = await api.Http.GetByteArrayAsync($"fractal/{uuid}", Token);
            Assert.Equal((true, FractalStatus.Done, null), (delivery.IsAcknowledged, row.Status, row.Error));
            Assert.Equal((row.Checksum, row.Size), (Convert.ToHexStringLower(SHA256.HashData(png)), png.Length));
        }
        // The first image was stored before the worker detected that the API has another store.
        Assert.Single(Directory.EnumerateFiles(_folder, "*.png", SearchOption.AllDirectories));
    }

    private sealed class Message : Delivery
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Message(byte[] body)
        {
            Body = body;
            EarlierDeliveries = 0;
        }

        public bool IsAcknowledged { get; private set; }

        public override Task AcknowledgeAsync(CancellationToken cancellationToken)
        {
            IsAcknowledged = true;
            return Task.CompletedTask;
        }

        public override Task ReturnAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task DeadLetterAsync(string reason, CancellationToken cancellationToken) => throw new NotSupportedException(reason);
    }
}
