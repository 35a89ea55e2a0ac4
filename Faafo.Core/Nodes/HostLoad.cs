using System.Globalization;

namespace Faafo.Nodes;

/// <summary>Reads this host's load averages.</summary>
public static class HostLoad
{
    /// <summary>From <c>/proc/loadavg</c> (proc(5)); null on systems without it, never zero in its stead.</summary>
    public static LoadAverage? Read()
    {
        try
        {
            var fields = File.ReadAllText("/proc/loadavg").Split(' ');
            return new LoadAverage(Number(fields[0]), Number(fields[1]), Number(fields[2]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
