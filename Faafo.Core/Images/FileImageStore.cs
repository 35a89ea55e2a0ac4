namespace Faafo.Images;

/// <summary>
/// Images as files in a folder, which may be a mount shared by several hosts: <c>PATH/3f/3f2a….png</c>. A file is written under a temporary
/// name, flushed to the disk and renamed, so that neither a reader nor a crash ever leads to half an image.
/// </summary>
internal sealed class FileImageStore(string folder) : IImageStore
{
    private const int BufferSize = 1 << 16;

    public async Task<StoredImage> WriteAsync(Guid uuid, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var path = PathOf(uuid);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            StoredImage stored;
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            await using (var hashing = new HashingStream(file))
            {
                await write(hashing, cancellationToken);
                stored = hashing.Finish();
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            return stored;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed("write", path, e);
        }
        finally
        {
            Discard(temporary);
        }
    }

    public Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken) => Use(uuid, path =>
        (Stream?)new FileImageStream(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete)));

    public Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken) => Use(uuid, path =>
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : (long?)null;
    });

    public Task DeleteAsync(Guid uuid, CancellationToken cancellationToken) => Use(uuid, path =>
    {
        File.Delete(path);
        return true;
    });

    public Task<Uri?> GetUrlAsync(Guid uuid, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult<Uri?>(null);

    private string PathOf(Guid uuid)
    {
        var name = uuid.ToString("D");
        return Path.Combine(folder, name[..2], name + ".png");
    }

    // Runs an operation on an existing file; returns the default if there is none.
    private Task<T?> Use<T>(Guid uuid, Func<string, T?> use)
    {
        var path = PathOf(uuid);
        try
        {
            return Task.FromResult(use(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(default(T));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromException<T?>(Failed("access", path, e));
        }
    }

    // Deletes the temporary file of a failed write; after a success it no longer exists. An error here must not hide the first one.
    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static ImageStoreException Failed(string verb, string path, Exception e) => new($"cannot {verb} {path}: {e.Message}", e);
}
