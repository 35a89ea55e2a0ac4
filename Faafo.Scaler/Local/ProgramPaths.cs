using System.Runtime.InteropServices;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>Finds the programs that instances run.</summary>
internal static class ProgramPaths
{
    /// <summary>The runtime of this program, for the programs that it starts.</summary>
    public static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Finds the program of a group.</summary>
    /// <exception cref="ProviderException">It is not installed.</exception>
    public static string Of(string group) => group switch
    {
        FlockSpec.LoadBalancer => FindHAProxy(),
        FlockSpec.Api => Find("faafo-api", "Faafo.Api"),
        _ => Find("faafo-worker", "Faafo.Worker"),
    };

    /// <summary>Finds HAProxy: the file that FAAFO_HAPROXY names, or where programs are installed.</summary>
    /// <exception cref="ProviderException">It is not installed.</exception>
    public static string FindHAProxy()
    {
        string[] candidates;
        if (Environment.GetEnvironmentVariable("FAAFO_HAPROXY") is { Length: > 0 } named)
        {
            candidates = [named];
        }
        else
        {
            var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
            candidates = [.. folders.Append("/usr/sbin").Append("/usr/local/sbin").Select(folder => Path.Combine(folder, "haproxy"))];
        }
        return candidates.FirstOrDefault(File.Exists) ?? throw new ProviderException(ProviderErrorKind.NotFound,
            "HAProxy is not installed: install it (on Debian and Ubuntu: apt-get install haproxy), or leave --lb out");
    }

    // In the folder that FAAFO_PROGRAMS names, beside this program (as installed), or in the project that the build put beside this one's.
    private static string Find(string name, string project)
    {
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string?[] folders =
            [Environment.GetEnvironmentVariable("FAAFO_PROGRAMS"), own, Path.Combine(own, "..", "..", project, Path.GetFileName(own))];
        string[] searched = [.. folders.OfType<string>().Select(Path.GetFullPath)];
        return searched.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new ProviderException(ProviderErrorKind.NotFound, $"the program {name} is in none of: {string.Join(", ", searched)}");
    }
}
