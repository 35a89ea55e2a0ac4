using Faafo.Options;

namespace Faafo.Scaler.Spec;

/// <summary>
/// The flock of a file, reloaded when the file changes. An invalid change is reported, and the previous flock stays in effect.
/// </summary>
/// <param name="path">The path of flock.yaml; null for the defaults.</param>
/// <param name="log">The log of reloads.</param>
/// <param name="cloud">The cloud of the command line, which overrides that of the file.</param>
/// <param name="balanced">Whether the command line asks for HAProxy on this host.</param>
internal sealed partial class FlockSpecMonitor(string? path, ILogger<FlockSpecMonitor> log, string? cloud = null, bool balanced = false)
{
    private FlockSpec? _flock;
    private FlockFile? _file;
    private DateTime _readAt;
    private string? _lastError;

    /// <summary>Adapts every flock that is read.</summary>
    public Func<FlockSpec, FlockSpec> Transform { get; init; } = flock => flock;

    /// <summary>Checks a changed flock before it takes effect, for example against the cloud; throws what is wrong with it.</summary>
    public Func<FlockSpec, CancellationToken, Task> Validate { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The flock in effect.</summary>
    /// <exception cref="UsageException">The file is invalid at the first reading.</exception>
    public FlockSpec Current
    {
        get
        {
            if (_flock is not null)
            {
                return _flock;
            }
            if (path is null)
            {
                return _flock = Transform(FlockSpec.Of(cloud ?? FlockSpec.Local, balanced));
            }
            _readAt = File.GetLastWriteTimeUtc(path);
            return _flock = Read(path);
        }
    }

    /// <summary>The place of a field at the last reading, <c>flock.yaml:7:5: </c>; empty without a file.</summary>
    public string PlaceOf(string field) => _file is null ? "" : _file.PlaceOf(field) + ": ";

    /// <summary>Reloads the file if it has changed.</summary>
    /// <returns>The flock in effect.</returns>
    public async Task<FlockSpec> ReloadAsync(CancellationToken cancellationToken)
    {
        var current = Current;
        if (path is null)
        {
            return current;
        }
        var writtenAt = File.GetLastWriteTimeUtc(path);
        if (writtenAt == _readAt)
        {
            return current;
        }
        try
        {
            var changed = Read(path);
            if (!current.CanSwitchTo(changed))
            {
                throw new FailureException("only groups, interval, image, flavor and bundle can change at run time; run 'up' for the rest");
            }
            await Validate(changed, cancellationToken);
            _flock = changed;
            _readAt = writtenAt;
            _lastError = null;
            Reloaded(log, path);
        }
        catch (Exception e) when (e is UsageException or FailureException)
        {
            Report(e.Message);
            _readAt = writtenAt;    // the file stays invalid until it changes
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Report(e.Message);      // the next round retries
        }
        return _flock!;
    }

    private FlockSpec Read(string file)
    {
        _file = new FlockFile(file, cloud, balanced);
        return Transform(_file.Read());
    }

    private void Report(string error)
    {
        if (_lastError != error)
        {
            _lastError = error;
            ReloadFailed(log, error);
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Reloaded {Path}")]
    private static partial void Reloaded(ILogger log, string path);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Reload failed, the previous flock stays in effect: {Reason}")]
    private static partial void ReloadFailed(ILogger log, string reason);
}
