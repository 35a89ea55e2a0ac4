using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.Images;
using Faafo.Queueing;
using Faafo.TestKit.OpenStack;
using Faafo.Tests.Api;
using Faafo.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Worker;

/// <summary>A worker and an API that have an image folder each.</summary>
public sealed class SeparateStoreTests(TestApi api) : IClassFixture<TestApi>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-worker-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pictures_of_a_worker_with_a_store_of_its_own_are_served_by_the_API()
    {
        using var node = new InFlightTasks();
        var options = new WorkerOptions(
            api.Endpoint, "", QueueType.Quorum, "", "w1", 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var handler = new FractalTaskHandler(
            options, ImageStore.Open($"file:{_folder}"), api.Client, node, new SkippingTime(), NullLogger<FractalTaskHandler>.Instance);

        for (var i = 0; i < 2; i++)
        {
            var uuid = await api.CreateAsync();
            var order = (await api.Client.FindAsync(uuid, Token))!;
            var delivery = new Message(new FractalTask
            {
                Uuid = uuid,
                Width = order.Width,
                Height = order.Height,
                Iterations = order.Iterations,
                Xa = order.Xa,
                Xb = order.Xb,
                Ya = order.Ya,
                Yb = order.Yb,
                Cx = order.Cx,
                Cy = order.Cy,
            }.ToUtf8());
            await handler.HandleAsync(delivery, Token);

            var row = (await api.Client.FindAsync(uuid, Token))!;
            var png = await api.Http.GetByteArrayAsync($"fractal/{uuid}", Token);
            Assert.Equal((true, FractalStatus.Done, null), (delivery.IsAcknowledged, row.Status, row.Error));
            Assert.Equal((row.Checksum, row.Size), (Convert.ToHexStringLower(SHA256.HashData(png)), png.Length));
        }
        // The first one was stored before the worker knew that the API has another store.
        Assert.Single(Directory.EnumerateFiles(_folder, "*.png", SearchOption.AllDirectories));
    }

    private sealed class Message : Delivery
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Message(byte[] body) => (Body, EarlierDeliveries) = (body, 0);

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
