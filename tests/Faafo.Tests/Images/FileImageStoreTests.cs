using System.Security.Cryptography;
using Faafo.Images;
using Xunit;

namespace Faafo.Tests.Images;

public sealed class FileImageStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-images-").FullName;
    private readonly Guid _uuid = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Image_is_read_back_as_written_with_its_size_and_checksum()
    {
        var image = RandomNumberGenerator.GetBytes(200_000);
        var store = Open();

        var stored = await store.WriteAsync(_uuid, async (stream, token) =>
        {
            await stream.WriteAsync(image.AsMemory(0, 7), token);
            stream.Write(image, 7, 100_000);
            await stream.FlushAsync(token);
            stream.Write(image.AsSpan(100_007));
        }, Token);

        Assert.Equal(new StoredImage(200_000, Convert.ToHexStringLower(SHA256.HashData(image))), stored);
        Assert.Equal(image, await ReadAsync(store));
        Assert.Equal(200_000, await store.GetSizeAsync(_uuid, Token));
        Assert.Equal(image, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Missing_image_is_null()
    {
        var store = Open();

        Assert.Null(await store.OpenReadAsync(_uuid, Token));
        Assert.Null(await store.GetSizeAsync(_uuid, Token));
    }

    [Fact]
    public async Task Half_an_image_is_never_visible()
    {
        var store = Open();
        await WriteAsync(store, "the old image");

        await store.WriteAsync(_uuid, async (stream, token) =>
        {
            await stream.WriteAsync("the new "u8.ToArray(), token);
            await stream.FlushAsync(token);
            Assert.Equal("the old image"u8.ToArray(), await ReadAsync(store));
            await stream.WriteAsync("image"u8.ToArray(), token);
        }, Token);

        Assert.Equal("the new image"u8.ToArray(), await ReadAsync(store));
    }

    [Fact]
    public async Task Reader_keeps_the_image_that_it_opened()
    {
        var store = Open();
        await WriteAsync(store, "the old image");
        await using var reader = await store.OpenReadAsync(_uuid, Token);

        await WriteAsync(store, "the new image");
        await store.DeleteAsync(_uuid, Token);

        Assert.Equal("the old image"u8.ToArray(), await BytesAsync(reader!));
    }

    [Fact]
    public async Task Concurrent_writers_of_one_image_leave_one_whole_image()
    {
        var images = Enumerable.Range(0, 16).Select(n => Enumerable.Repeat((byte)n, 100_000 + n).ToArray()).ToArray();

        await Task.WhenAll(images.Select(image => Task.Run(() =>
            Open().WriteAsync(_uuid, async (stream, token) =>
            {
                foreach (var part in image.Chunk(10_000))
                {
                    await stream.WriteAsync(part, token);
                    await Task.Yield();
                }
            }, Token), Token)));

        Assert.Contains(await ReadAsync(Open()), images);
        Assert.Single(Files());
    }

    [Fact]
    public async Task Failed_writer_leaves_nothing()
    {
        var store = Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync(_uuid, async (stream, token) =>
        {
            await stream.WriteAsync(new byte[1000], token);
            throw new InvalidOperationException();
        }, Token));

        Assert.Empty(Files());
    }

    [Fact]
    public async Task Cancelled_writer_keeps_the_previous_image()
    {
        var store = Open();
        await WriteAsync(store, "the old image");
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteAsync(_uuid, async (stream, token) =>
        {
            await stream.WriteAsync(new byte[1000], token);
            await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
        }, cancel.Token));

        Assert.Equal("the old image"u8.ToArray(), await ReadAsync(store));
        Assert.Single(Files());
    }

    [Fact]
    public async Task Deleted_image_is_missing_and_can_be_deleted_again()
    {
        var store = Open();
        await WriteAsync(store, "an image");

        await store.DeleteAsync(_uuid, Token);
        await store.DeleteAsync(_uuid, Token);
        await store.DeleteAsync(Guid.NewGuid(), Token);

        Assert.Null(await store.OpenReadAsync(_uuid, Token));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Error_of_an_unwritable_folder_contains_the_path()
    {
        var file = Path.Combine(_folder, "a file");
        await File.WriteAllTextAsync(file, "", Token);
        var store = ImageStore.Open("file:" + file);

        var failed = await Assert.ThrowsAsync<ImageStoreException>(() => WriteAsync(store, "an image"));

        Assert.Contains(file, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_removed_during_a_write_fails_the_write()
    {
        var store = Open();

        await Assert.ThrowsAsync<ImageStoreException>(() => store.WriteAsync(_uuid, (stream, _) =>
        {
            Directory.Delete(Path.Combine(_folder, "images"), recursive: true);
            stream.Write("an image"u8);
            return Task.CompletedTask;
        }, Token));

        await WriteAsync(store, "an image");
        Assert.Equal("an image"u8.ToArray(), await ReadAsync(store));
    }

    [Theory]
    [InlineData("")]
    [InlineData("file:")]
    [InlineData("/srv/images")]
    [InlineData("ftp://host/")]
    public void Invalid_url_is_rejected(string url) =>
        Assert.Contains("file:PATH", Assert.Throws<FormatException>(() => ImageStore.Open(url)).Message, StringComparison.Ordinal);

    private IImageStore Open() => ImageStore.Open("file:" + Path.Combine(_folder, "images"));

    private string[] Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);

    private Task<StoredImage> WriteAsync(IImageStore store, string text) => store.WriteAsync(_uuid,
        (stream, token) => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), token).AsTask(), Token);

    private async Task<byte[]> ReadAsync(IImageStore store)
    {
        await using var image = await store.OpenReadAsync(_uuid, Token);
        return await BytesAsync(image!);
    }

    private static async Task<byte[]> BytesAsync(Stream stream)
    {
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
