using System.Diagnostics;
using System.Globalization;

namespace Faafo.Scaler.Local;

/// <summary>
/// Which process an instance is. Before it becomes the program, the process itself writes its line of /proc/PID/stat, with its id and
/// start, and the id of the boot; a later process with the same number started at another tick or in another boot. Wall-clock times would
/// fail whenever the clock is set. Systems without /proc compare those, for lack of better.
/// </summary>
internal static class PidFile
{
    /// <summary>The environment variable that tells the process where to write.</summary>
    public const string Variable = "FAAFO_PID_FILE";

    /// <summary>The shell command that writes it.</summary>
    public const string Script = """{ read -r stat < "/proc/$$/stat"; read -r boot < /proc/sys/kernel/random/boot_id; """
        + $$"""echo "${stat:-$$} $boot" > "${{Variable}}"; } 2> /dev/null""";

    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(5);

    /// <summary>Names the file of an instance.</summary>
    public static string In(string folder) => Path.Combine(folder, "pid");

    /// <summary>Whether the process has written it yet.</summary>
    public static bool IsWritten(string folder)
    {
        var file = new FileInfo(In(folder));
        return file.Exists && file.Length > 0;
    }

    /// <summary>Finds the process of an instance; null when it has exited, or was never started.</summary>
    public static int? Find(string folder)
    {
        try
        {
            var text = File.ReadAllText(In(folder));
            if (ProcessStat.Parse(text) is { } started)
            {
                return IsRunning(started) ? started.Id : null;
            }
            var id = int.Parse(text.Split(' ', '\n')[0], CultureInfo.InvariantCulture);
            return HasStartedAt(id, File.GetLastWriteTimeUtc(In(folder))) ? id : null;
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Finds when a process started, by the system's clock; null when there is none of this number.</summary>
    public static DateTime? StartOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.ToUniversalTime();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static bool IsRunning(ProcessStat started)
    {
        // The boot follows the line. Files of earlier versions lack it: for those the ticks alone must do.
        var hasBoot = started.Last.Contains('-', StringComparison.Ordinal);
        if (hasBoot && started.Last != ProcessIdentity.Own.Boot)
        {
            return false;
        }
        return ProcessStat.Read(started.Id) is { HasExited: false } now && now.StartTick == started.StartTick;
    }

    private static bool HasStartedAt(int id, DateTime written) => StartOf(id) is { } start && (start - written).Duration() < StartTolerance;
}
