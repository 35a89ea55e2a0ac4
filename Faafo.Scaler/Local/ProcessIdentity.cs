using System.Globalization;
using System.Text.Json.Serialization;

namespace Faafo.Scaler.Local;

/// <summary>
/// One process of one host. A number alone names another process in another container, on another host or after a reboot, so the boot,
/// the PID namespace and the start of the process are kept with it (proc(5), pid_namespaces(7)).
/// </summary>
/// <param name="Host">The host's name, for people.</param>
/// <param name="Boot">The kernel's random id of this boot; empty on systems without /proc.</param>
/// <param name="Namespace">The PID namespace in which <paramref name="Id"/> counts; empty on systems without /proc.</param>
/// <param name="Id">The process id.</param>
/// <param name="Began">When it began: clock ticks since the boot or, on systems without /proc, the UTC time in seconds.</param>
internal sealed record ProcessIdentity(string Host, string Boot, string Namespace, int Id, string Began)
{
    private const int StartTicks = 19;      // field 22 of /proc/PID/stat, counted behind the name, which may hold blanks
    private const int NoSuchProcess = 3;    // ESRCH of kill(2)

    /// <summary>This process.</summary>
    public static ProcessIdentity Own { get; } = new(Environment.MachineName, ThisBoot(), Directory.Exists("/proc/self/ns") ? ThisNamespace() : "",
        Environment.ProcessId, BeganOf("self", Environment.ProcessId) ?? "");

    /// <summary>Whether the process id counts in the PID namespace that this process is in.</summary>
    [JsonIgnore]
    public bool IsOfThisHost => (Host, Boot, Namespace) == (Own.Host, Own.Boot, Own.Namespace);

    /// <summary>Whether the process runs here: only then may it be sent a signal.</summary>
    [JsonIgnore]
    public bool IsRunningHere => IsOfThisHost && Began.Length > 0 && BeganOf(Text(Id), Id) == Began;

    /// <summary>Whether the process has certainly ended. False also when it cannot be known from here.</summary>
    [JsonIgnore]
    public bool HasEnded => Boot.Length > 0 && IsOfThisHost && SeesProcesses
        && (LocalInstances.Signal(Id, 0) == NoSuchProcess || (BeganOf(Text(Id), Id) is { } now ? now != Began : IsZombie(Text(Id))));

    /// <summary>The kernel's random id of this boot; empty on systems that have none.</summary>
    public static string ThisBoot()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The fields of a line of /proc/PID/stat behind the process's name; null when it is no such line.</summary>
    public static string[]? StatFields(string stat) =>
        stat.LastIndexOf(')') is var name and >= 0 && stat[(name + 1)..].Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is { Length: > StartTicks } fields
            ? fields : null;

    /// <summary>When a process began, by the fields of its line; null when it has ended: a zombie may never be collected.</summary>
    public static string? BeganBy(string[] fields) => fields[0] is "Z" or "X" ? null : fields[StartTicks];

    // In a PID namespace whose /proc is still that of the parent, numbers of processes mean something else there.
    private static bool SeesProcesses => Stat("self")?.Split(' ')[0] == Text(Environment.ProcessId);

    private static bool IsZombie(string entry) => Stat(entry) is { } stat && StatFields(stat) is { } fields && fields[0] is "Z" or "X";

    private static string? BeganOf(string entry, int id) => Directory.Exists("/proc/self")
        ? Stat(entry) is { } stat && StatFields(stat) is { } fields ? BeganBy(fields) : null
        : PidFile.StartOf(id)?.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private static string? Stat(string entry)
    {
        try
        {
            return File.ReadAllText($"/proc/{entry}/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ThisNamespace() => new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
