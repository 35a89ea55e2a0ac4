using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Faafo.Images;
using Faafo.Tests.Api;
using Xunit;

namespace Faafo.Tests.Cli;

/// <summary>A rendered fractal, as a worker reports it.</summary>
internal static class TestPicture
{
    public static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3, 4];

    public static string Checksum => Convert.ToHexStringLower(SHA256.HashData(Png));

    public static async Task<Guid> CreateAsync(TestApi api)
    {
        var uuid = await api.CreateAsync();
        await FinishAsync(api, uuid);
        return uuid;
    }

    public static Task FinishAsync(TestApi api, Guid uuid) => PutAsync(api, uuid, new JsonObject
    {
        ["uuid"] = uuid.ToString(),
        ["duration"] = 1.67141,
        ["image"] = Convert.ToBase64String(Png),
        ["checksum"] = Checksum,
        ["size"] = Png.Length,
        ["generated_by"] = "w7",
    });

    public static Task FailAsync(TestApi api, Guid uuid, string error) =>
        PutAsync(api, uuid, new JsonObject { ["uuid"] = uuid.ToString(), ["error"] = error });

    /// <summary>Replaces the stored picture without the API.</summary>
    public static Task SpoilAsync(TestApi api, Guid uuid) => ImageStore.Open(api.State.ImageStoreUrl)
        .WriteAsync(uuid, (stream, stop) => stream.WriteAsync(new byte[12], stop).AsTask(), TestContext.Current.CancellationToken);

    private static async Task PutAsync(TestApi api, Guid uuid, JsonObject result)
    {
        using var response = await api.PutAsync(uuid, result);
        response.EnsureSuccessStatusCode();
    }
}
