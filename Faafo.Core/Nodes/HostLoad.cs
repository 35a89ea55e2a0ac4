using System.Globalization;

namespace Faafo.Nodes;

/// <summary>Reads the load averages of this host.</summary>
public static class HostLoad
{
    /// <summary>Reads <c>/proc/loadavg</c> (proc(5)); null, not zero, on systems without it.</summary>
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
