using System.Text.Json;
using Faafo.Options;

namespace Faafo.Scaler.Local;

/// <summary>
/// One scaler for one state directory: an exclusive lock on <c>STATE/flock.lock</c>, which the system releases when its holder dies, and
/// the identity of that process in <c>flock.pid</c>.
/// </summary>
internal sealed class StateDirectoryLock : IDisposable
{
    private const int LinuxWouldBlock = 11;     // EWOULDBLOCK of flock(2), which .NET gives as the HResult
    private const int MacWouldBlock = 35;

    private readonly FileStream _lock;
    private readonly string _pidFile;

    private StateDirectoryLock(FileStream held, string pidFile)
    {
        _lock = held;
        _pidFile = pidFile;
    }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="FailureException">Another scaler has it, or the directory cannot be written.</exception>
    public static StateDirectoryLock Take(string stateDir)
    {
        if (TryTake(stateDir) is { } taken)
        {
            return taken;
        }
        if (Holder(stateDir) is { } holder)
        {
            throw new FailureException($"a scaler (process {holder.Id} on {holder.Host}) runs the flock in {stateDir} already: "
                + "stop it, or choose another --state-dir");
        }
        throw new FailureException($"a scaler is starting or stopping in {stateDir}: try again, or choose another --state-dir");
    }

    /// <summary>Takes the lock; null when another scaler has it.</summary>
    /// <exception cref="FailureException">The directory cannot be written.</exception>
    public static StateDirectoryLock? TryTake(string stateDir)
    {
        var pidFile = PidFile(stateDir);
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(stateDir);
            held = new FileStream(Path.Combine(stateDir, "flock.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pidFile, JsonSerializer.Serialize(ProcessIdentity.Own, ProcessJson.Default.ProcessIdentity));
            return new StateDirectoryLock(held, pidFile);
        }
        catch (IOException e) when (held is null && e.HResult is (LinuxWouldBlock or MacWouldBlock))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new FailureException($"the state directory {stateDir} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Reads which scaler took the lock last; null when it has returned the lock, while it takes or returns it, and when the file cannot be
    /// read. Only taking the lock tells whether it is free: a killed scaler leaves its record.
    /// </summary>
    public static ProcessIdentity? Holder(string stateDir)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(PidFile(stateDir)), ProcessJson.Default.ProcessIdentity);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the lock.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_pidFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is gone, or cannot be written; the record of a scaler that has exited is ignored.
        }
        _lock.Dispose();
    }

    private static string PidFile(string stateDir) => Path.Combine(stateDir, "flock.pid");
}
