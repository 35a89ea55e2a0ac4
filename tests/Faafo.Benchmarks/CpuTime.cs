using System.Runtime.InteropServices;

namespace Faafo.Benchmarks;

/// <summary>
/// CPU time of the calling thread in seconds, which a shared machine disturbs least. Linux only (clock_gettime,
/// CLOCK_THREAD_CPUTIME_ID).
/// </summary>
internal static partial class CpuTime
{
    private const int ThreadClock = 3;

    /// <summary>Returns the cpu time of the calling thread in seconds.</summary>
    public static double OfThread()
    {
        if (Read(ThreadClock, out var time) != 0)
        {
            throw new PlatformNotSupportedException("the benchmarks need the CPU time of a thread, which only Linux provides");
        }
        return time.Seconds + (time.Nanoseconds * 1e-9);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
