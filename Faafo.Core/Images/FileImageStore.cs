namespace Faafo.Images;

/// <summary>
/// Images as files below one folder, which may be a mount that several hosts share: <c>PATH/3f/3f2a….png</c>. A file is written
/// under a temporary name, forced to the disk and renamed, so that a reader or a crash never meets half of one.
/// </summary>
internal sealed class FileImageStore(string folder) : IImageStore
{
    private const int Buffer = 1 << 16;

    public async Task<StoredImage> WriteAsync(Guid uuid, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var path = PathOf(uuid);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            StoredImage stored;
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, Buffer))
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

    public Task<Stream?> OpenReadAsync(Guid uuid, CancellationToken cancellationToken) => Reading(uuid, path =>
        (Stream?)new FileImageStream(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete)));

    public Task<long?> GetSizeAsync(Guid uuid, CancellationToken cancellationToken) => Reading(uuid, path =>
        new FileInfo(path) is { Exists: true } file ? file.Length : (long?)null);

    public Task DeleteAsync(Guid uuid, CancellationToken cancellationToken) => Reading(uuid, path =>
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

    private Task<T?> Reading<T>(Guid uuid, Func<string, T?> read)
    {
        var path = PathOf(uuid);
        try
        {
            return Task.FromResult(read(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(default(T));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromException<T?>(Failed("reach", path, e));
        }
    }

    // Gone already when all went well. When even this fails, what failed before is the thing to say.
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
