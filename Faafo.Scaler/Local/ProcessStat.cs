using System.Globalization;

namespace Faafo.Scaler.Local;

/// <summary>A line of /proc/PID/stat (proc(5)).</summary>
/// <param name="Id">The process id.</param>
/// <param name="State">The state, as a letter.</param>
/// <param name="StartTick">When the process started, in clock ticks since the boot.</param>
internal sealed record ProcessStat(int Id, string State, string StartTick)
{
    private const int StartTickIndex = 19;      // field 22, counted after the name, which may contain blanks

    /// <summary>Whether the process has exited; a zombie may never be collected.</summary>
    public bool HasExited => State is "Z" or "X";

    /// <summary>Whether this system has /proc.</summary>
    public static bool IsSupported => Directory.Exists("/proc/self");

    /// <summary>Reads the line of a process; null when there is no such process.</summary>
    public static ProcessStat? Read(int id) => Read(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads the line of this process, as its /proc has it; null on systems without /proc.</summary>
    public static ProcessStat? ReadOwn() => Read("self");

    /// <summary>Reads a line; null when it is not one of /proc/PID/stat.</summary>
    public static ProcessStat? Parse(string line)
    {
        var name = line.LastIndexOf(')');
        if (name < 0 || !int.TryParse(line.Split(' ')[0], CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }
        var fields = line[(name + 1)..].Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartTickIndex ? new ProcessStat(id, fields[0], fields[StartTickIndex]) : null;
    }

    private static ProcessStat? Read(string entry)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{entry}/stat"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
