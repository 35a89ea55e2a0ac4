using System.Text;

namespace Faafo.Scaler.Local;

/// <summary>
/// The output of local instances, <c>STATE/logs/NAME.log</c>. The programs keep their files open and append to them, so a full one is
/// copied to <c>NAME.log.1</c> and emptied; what is written meanwhile is lost.
/// </summary>
/// <param name="folder">The folder of the logs.</param>
/// <param name="limit">The size in bytes at which a log is emptied.</param>
internal sealed class InstanceLogs(string folder, long limit = 10 << 20)
{
    private const int TailLines = 10;
    private const int TailBytes = 16 << 10;

    /// <summary>The folder of the logs.</summary>
    public string Folder => folder;

    /// <summary>Names the log of an instance.</summary>
    public string PathOf(string name) => Path.Combine(folder, name + ".log");

    /// <summary>Reads the last lines of a log; null when there is none.</summary>
    public string? ReadTail(string name)
    {
        try
        {
            using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(TailBytes, file.Length), SeekOrigin.End);
            var tail = new byte[TailBytes];
            var count = file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
            return string.Join('\n', Encoding.UTF8.GetString(tail, 0, count).TrimEnd('\n').Split('\n').TakeLast(TailLines));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Empties the logs of these instances that are full.</summary>
    /// <exception cref="IOException">A log cannot be emptied.</exception>
    public void Limit(IEnumerable<string> names)
    {
        foreach (var path in names.Select(PathOf))
        {
            if (new FileInfo(path) is { Exists: true } file && file.Length > limit)
            {
                Empty(path);
            }
        }
    }

    private static void Empty(string path)
    {
        try
        {
            File.Copy(path, path + ".1", overwrite: true);
        }
        catch (IOException)
        {
            // Most likely the disk is full: the room counts more than the lines.
        }
        using var log = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        log.SetLength(0);
    }
}
