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
/// <param name="Began">When it started: clock ticks since the boot or, on systems without /proc, the UTC time in seconds.</param>
internal sealed record ProcessIdentity(string Host, string Boot, string Namespace, int Id, string Began)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Own { get; } = new(Environment.MachineName, ReadBoot(), ReadNamespace(), Environment.ProcessId,
        ProcessStat.IsSupported ? ProcessStat.ReadOwn()?.StartTick ?? "" : FindStart(Environment.ProcessId) ?? "");

    /// <summary>Whether the process id counts in the PID namespace of this process.</summary>
    [JsonIgnore]
    public bool IsOfThisHost => (Host, Boot, Namespace) == (Own.Host, Own.Boot, Own.Namespace);

    /// <summary>Whether the process runs here: only then may it be sent a signal.</summary>
    [JsonIgnore]
    public bool IsRunningHere => IsOfThisHost && Began.Length > 0 && FindStart(Id) == Began;

    /// <summary>
    /// Whether the process is or was another host's, or another container's: it may run on, and cannot be stopped from here. One of this
    /// host's earlier boots has exited.
    /// </summary>
    [JsonIgnore]
    public bool IsElsewhere => Host != Own.Host || (Boot == Own.Boot && Namespace != Own.Namespace);

    /// <summary>Names the process and where it runs, for people.</summary>
    [JsonIgnore]
    public string Description =>
        $"process {Id} on {Host}{(!IsOfThisHost && Host == Own.Host ? ", in another container or PID namespace" : "")}";

    /// <summary>Whether the process has certainly exited. False also when it cannot be known from here.</summary>
    [JsonIgnore]
    public bool HasEnded
    {
        get
        {
            if (Boot.Length == 0 || !IsOfThisHost || !SeesProcesses)
            {
                return false;
            }
            if (ProcessSignal.IsUnknown(Id))
            {
                return true;
            }
            return ProcessStat.Read(Id) is { } stat && (stat.HasExited || stat.StartTick != Began);
        }
    }

    /// <summary>The running process of a number; one that has exited has no start and runs nowhere.</summary>
    public static ProcessIdentity OfThisHost(int id) => Own with { Id = id, Began = FindStart(id) ?? "" };

    // In a PID namespace whose /proc is still that of the parent, process ids mean something else there.
    private static bool SeesProcesses => ProcessStat.ReadOwn()?.Id == Environment.ProcessId;

    private static string? FindStart(int id)
    {
        if (ProcessStat.IsSupported)
        {
            return ProcessStat.Read(id) is { HasExited: false } stat ? stat.StartTick : null;
        }
        return PidFile.StartOf(id)?.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
    }

    // The kernel's random id of this boot; empty on systems that have none.
    private static string ReadBoot()
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

    private static string ReadNamespace() =>
        Directory.Exists("/proc/self/ns") ? new FileInfo("/proc/self/ns/pid").LinkTarget ?? "" : "";
}
