using Faafo.OpenStack;
using Faafo.Options;

namespace Faafo.Scaler.Spec;

/// <summary>The flock as its file says: read again when the file changes; a broken change is reported and not taken.</summary>
internal sealed partial class FlockSpecMonitor(string? path, ILogger<FlockSpecMonitor> log, string? cloud = null, bool balanced = false)
{
    private FlockSpec? _flock;
    private FlockFile? _file;
    private DateTime _readAt;
    private string? _complaint;

    /// <summary>What becomes of the flock besides what its file says.</summary>
    public Func<FlockSpec, FlockSpec> Transform { get; init; } = flock => flock;

    /// <summary>The flock as it is followed at the moment.</summary>
    /// <exception cref="UsageException">The file is wrong at the first reading.</exception>
    public FlockSpec Current
    {
        get
        {
            if (_flock is null && path is not null)
            {
                (_readAt, _flock) = (File.GetLastWriteTimeUtc(path), Read(path));
            }
            return _flock ??= Transform(FlockSpec.Of(cloud ?? FlockSpec.Local) is var whole && balanced ? whole.Balanced() : whole);
        }
    }

    /// <summary>Where a field stands in the file as it was read last: <c>flock.yaml:7:5: </c>; nothing when the flock has no file.</summary>
    public string PlaceOf(string field) => _file is null ? "" : _file.PlaceOf(field) + ": ";

    /// <summary>Called with a changed flock before it is followed: finds in the cloud what it names, or throws what is wrong with it.</summary>
    public Func<FlockSpec, CancellationToken, Task> Validate { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The flock, read again if the file has changed.</summary>
    public async Task<FlockSpec> ReloadAsync(CancellationToken cancellationToken)
    {
        var flock = Current;
        if (path is null || File.GetLastWriteTimeUtc(path) is var written && written == _readAt)
        {
            return flock;
        }
        try
        {
            var changed = Read(path);
            if (!changed.IsPlacedAs(flock))
            {
                throw new FailureException("what stands outside of 'groups' can only be changed by 'up', but for interval, image, flavor and bundle");
            }
            await Validate(changed, cancellationToken);
            (_flock, _readAt, _complaint) = (changed, written, null);
            Changed(log, path);
        }
        catch (Exception e) when (e is UsageException or FailureException or OpenStackException)
        {
            if (_complaint != e.Message)
            {
                Broken(log, _complaint = e.Message);
            }
            // A cloud that does not answer may do so at the next round; a file that is wrong stays so.
            _readAt = e is OpenStackException ? _readAt : written;
        }
        return _flock!;
    }

    private FlockSpec Read(string file) => Transform((_file = new FlockFile(file, cloud, balanced)).Read());

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} has changed and is followed from now on")]
    private static partial void Changed(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changed file is not followed: {Reason}")]
    private static partial void Broken(ILogger log, string reason);
}
