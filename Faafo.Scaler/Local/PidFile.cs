using System.Diagnostics;
using System.Globalization;

namespace Faafo.Scaler.Local;

/// <summary>
/// Which process an instance is. Before it becomes the program, the process itself writes its line of /proc/PID/stat, with its id and
/// start, the id of the boot, and its scaler's PID namespace and host, in which it runs too. Wall-clock times would fail whenever the
/// clock is set. Systems without /proc compare those, for lack of better.
/// </summary>
internal static class PidFile
{
    /// <summary>The environment variable that tells the process where to write.</summary>
    public const string Variable = "FAAFO_PID_FILE";

    /// <summary>The environment variable with the PID namespace and the host.</summary>
    public const string PlaceVariable = "FAAFO_PID_PLACE";

    /// <summary>The shell command that writes it.</summary>
    public const string Script = """{ read -r stat < "/proc/$$/stat"; read -r boot < /proc/sys/kernel/random/boot_id; """
        + $$"""printf '%s\n' "${stat:-$$}" "$boot" "${{PlaceVariable}}" > "${{Variable}}"; } 2> /dev/null""";

    private const int BootLength = 36;

    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(5);

    /// <summary>The value of <see cref="PlaceVariable"/>.</summary>
    public static string Place => $"{ProcessIdentity.Own.Namespace} {ProcessIdentity.Own.Host}";

    /// <summary>Names the file of an instance.</summary>
    public static string In(string folder) => Path.Combine(folder, "pid");

    /// <summary>Whether the process has written it yet.</summary>
    public static bool IsWritten(string folder)
    {
        var file = new FileInfo(In(folder));
        return file.Exists && file.Length > 0;
    }

    /// <summary>Finds the process of an instance; null when it does not run here: it exited, never started, or is elsewhere.</summary>
    public static int? Find(string folder) => Read(folder) is { IsRunningHere: true } process ? process.Id : null;

    /// <summary>Reads the process of an instance, running or not; null when it cannot be identified.</summary>
    public static ProcessIdentity? Read(string folder)
    {
        try
        {
            var lines = File.ReadAllLines(In(folder));
            var process = lines.Length > 0 ? ReadProcess(lines[0], File.GetLastWriteTimeUtc(In(folder))) : null;
            if (lines is [_, var boot, var place, ..])
            {
                var space = place.IndexOf(' ', StringComparison.Ordinal);
                return process is null || space < 0
                    ? null
                    : process with { Host = place[(space + 1)..], Boot = boot, Namespace = place[..space] };
            }
            // Earlier versions wrote one line, with the boot at its end or without it.
            return process is not null && lines[0].Split(' ')[^1] is { Length: BootLength } last ? process with { Boot = last } : process;
        }
        catch (Exception e) when (e is IOException or FormatException or OverflowException or UnauthorizedAccessException)
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

    // The process of this number and start, as if it were of this host.
    private static ProcessIdentity? ReadProcess(string line, DateTime written)
    {
        if (ProcessStat.Parse(line) is { } started)
        {
            return ProcessIdentity.Own with { Id = started.Id, Began = started.StartTick };
        }
        var id = int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
        return StartOf(id) is { } start && (start - written).Duration() < StartTolerance ? ProcessIdentity.OfThisHost(id) : null;
    }
}
