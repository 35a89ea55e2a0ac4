using System.Globalization;
using Faafo.Options;

namespace Faafo.Scaler.Clouds;

/// <summary>
/// One scaler for one state directory: an exclusive lock on <c>STATE/flock.lock</c>, which the system takes back when its holder
/// dies, and beside it the holder's pid for people.
/// </summary>
internal sealed class FlockLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _pidFile;

    private FlockLock(FileStream held, string pidFile) => (_lock, _pidFile) = (held, pidFile);

    /// <summary>Takes the lock.</summary>
    /// <exception cref="FailureException">Another scaler has it, or the directory cannot be written.</exception>
    public static FlockLock Take(string stateDir)
    {
        var pidFile = PidFile(stateDir);
        try
        {
            Directory.CreateDirectory(stateDir);
            var held = new FileStream(Path.Combine(stateDir, "flock.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new FlockLock(held, pidFile);
        }
        catch (IOException) when (Holder(stateDir) is { } pid)
        {
            throw new FailureException($"a scaler (process {pid}) runs the flock in {stateDir} already: stop it, or choose another --state-dir");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"the state directory {stateDir} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>The pid of the scaler that holds the lock; null when none does.</summary>
    public static int? Holder(string stateDir)
    {
        try
        {
            using var free = new FileStream(Path.Combine(stateDir, "flock.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            return File.Exists(PidFile(stateDir)) && int.TryParse(File.ReadAllText(PidFile(stateDir)), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        File.Delete(_pidFile);
        _lock.Dispose();
    }

    private static string PidFile(string stateDir) => Path.Combine(stateDir, "flock.pid");
}
