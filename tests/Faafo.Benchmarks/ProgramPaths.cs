namespace Faafo.Benchmarks;

/// <summary>Paths of the Faafo programs that are measured.</summary>
internal static class ProgramPaths
{
    // This program runs in artifacts/bin/Faafo.Benchmarks/CONFIGURATION.
    private static readonly DirectoryInfo Own = new(AppContext.BaseDirectory.TrimEnd('/'));

    /// <summary>The worker as instances run it, published by <c>tests/bench</c>.</summary>
    public static string InstalledWorker { get; } = Path.GetFullPath(Path.Combine(Own.FullName, "../../../ready/faafo-worker"));

    /// <summary>Returns a program that <c>dotnet build</c> built together with this one.</summary>
    public static string Built(string project, string program) => Path.Combine(Own.Parent!.Parent!.FullName, project, Own.Name, program);
}
