using System.Runtime.InteropServices;

namespace Faafo.Scaler.Local;

/// <summary>Signals to processes of this host (kill(2)).</summary>
internal static class ProcessSignal
{
    private const int None = 0;
    private const int SigKill = 9;
    private const int SigUsr2 = 12;
    private const int SigTerm = 15;
    private const int NoSuchProcess = 3;    // ESRCH

    /// <summary>Asks a process to exit.</summary>
    public static void Terminate(int id) => _ = Send(id, SigTerm);

    /// <summary>Ends a process at once.</summary>
    public static void Kill(int id) => _ = Send(id, SigKill);

    /// <summary>Has the master process of HAProxy reload its configuration.</summary>
    public static void Reload(int id) => _ = Send(id, SigUsr2);

    /// <summary>Whether there is certainly no process of this number.</summary>
    public static bool IsUnknown(int id) => Send(id, None) != 0 && Marshal.GetLastPInvokeError() == NoSuchProcess;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int id, int signal);
}
