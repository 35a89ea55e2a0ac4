using System.Globalization;
using Faafo.OpenStack.ObjectStorage;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>
/// Uploads 1 GB and reads the peak resident memory of the process, which Linux resets on request. For a precise figure, run only this
/// class: <c>Faafo.SystemTests -class Faafo.SystemTests.OpenStack.UploadMemoryTests</c>.
/// </summary>
[Collection(ExclusiveCollection.Name)]
public sealed class UploadMemoryTests(ITestOutputHelper output)
{
    private const long Limit = 32L << 20;

    [Fact]
    public async Task One_gigabyte_is_uploaded_in_constant_memory()
    {
        await using var cloud = Connect();
        var container = Unique("memory");
        await cloud.ObjectStorage.CreateContainerAsync(container, null, Ct);
        try
        {
            await UploadAsync(cloud.ObjectStorage, container, 64 << 20);
            GC.Collect(2, GCCollectionMode.Aggressive, true, true);
            await File.WriteAllTextAsync("/proc/self/clear_refs", "5", Ct);
            var floor = await StatusAsync("VmRSS:");

            await UploadAsync(cloud.ObjectStorage, container, 1L << 30);

            var peak = await StatusAsync("VmHWM:");
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"floor {floor / 1048576.0:0.0} MiB, peak {peak / 1048576.0:0.0} MiB, above {(peak - floor) / 1048576.0:0.0} MiB"));

            // The kernel counts pages in batches per thread, so the peak can be a few pages below the floor.
            Assert.True(peak - floor <= Limit, $"{peak - floor} bytes above the floor");
        }
        finally
        {
            await cloud.ObjectStorage.DeleteObjectAsync(container, "big", CancellationToken.None);
            await cloud.ObjectStorage.DeleteContainerAsync(container, CancellationToken.None);
        }
    }

    private static async Task UploadAsync(ObjectStorageService swift, string container, long bytes)
    {
        var block = new byte[256 * 1024];
        new Random(1).NextBytes(block);
        var stored = await swift.UploadObjectAsync(
            container,
            "big",
            async (target, token) =>
            {
                for (long sent = 0; sent < bytes; sent += block.Length)
                {
                    await target.WriteAsync(block, token);
                }
            },
            new UploadOptions { Repeatable = true },
            Ct);
        Assert.Equal(bytes, stored.Length);
    }

    private static async Task<long> StatusAsync(string field)
    {
        var line = (await File.ReadAllLinesAsync("/proc/self/status", Ct)).First(text => text.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
