using System.Runtime.InteropServices;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Local;

/// <summary>Finds the programs that instances run.</summary>
internal static class ProgramPaths
{
    /// <summary>The runtime that this program runs on, for those that it starts.</summary>
    public static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>
    /// The full path of a program: in the folder that FAAFO_PROGRAMS names, beside this program (as installed), or in the project
    /// that <c>dotnet build</c> put beside this one's.
    /// </summary>
    /// <exception cref="ProviderException">It is nowhere.</exception>
    public static string Find(string name)
    {
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var project = name == "faafo-api" ? "Faafo.Api" : "Faafo.Worker";
        string?[] places = [Environment.GetEnvironmentVariable("FAAFO_PROGRAMS"), own, Path.Combine(own, "..", "..", project, Path.GetFileName(own))];
        return places.OfType<string>().Select(place => Path.GetFullPath(Path.Combine(place, name))).FirstOrDefault(File.Exists)
            ?? throw new ProviderException(ProviderErrorKind.NotFound, $"the program {name} is in none of: {string.Join(", ", places.OfType<string>().Select(Path.GetFullPath))}");
    }
}
