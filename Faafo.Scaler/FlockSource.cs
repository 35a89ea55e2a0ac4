using Faafo.Options;

namespace Faafo.Scaler;

/// <summary>The flock as its file says at the moment: read again when the file changes; a broken change is reported and not taken.</summary>
internal sealed partial class FlockSource(string? path, ILogger<FlockSource> log, string? cloud = null, bool balanced = false)
{
    private Flock? _flock;
    private DateTime _readAt;

    /// <summary>The flock.</summary>
    /// <exception cref="UsageException">The file is wrong at the first reading.</exception>
    public Flock Current
    {
        get
        {
            if (path is null)
            {
                return _flock ??= Flock.Of(cloud ?? Flock.Local) is var whole && balanced ? whole.Balanced() : whole;
            }
            var changed = File.GetLastWriteTimeUtc(path);
            if (_flock is null)
            {
                (_flock, _readAt) = (new FlockFile(path, cloud, balanced).Read(), changed);
            }
            else if (changed != _readAt)
            {
                _readAt = changed;
                try
                {
                    _flock = new FlockFile(path, cloud, balanced).Read();
                    Changed(log, path);
                }
                catch (UsageException e)
                {
                    Broken(log, e.Message);
                }
            }
            return _flock;
        }
    }

    /// <summary>Where a field stands: <c>flock.yaml:7:5: </c>; nothing when the flock has no file.</summary>
    public string PlaceOf(string field) => path is null ? "" : new FlockFile(path).PlaceOf(field) + ": ";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} has changed and is followed from now on")]
    private static partial void Changed(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changed file is not followed: {Reason}")]
    private static partial void Broken(ILogger log, string reason);
}
