namespace Faafo.Benchmarks;

/// <summary>The paths of the programs that are measured.</summary>
internal static class ProgramPaths
{
    // The own folder is artifacts/bin/Faafo.Benchmarks/CONFIGURATION.
    private static readonly DirectoryInfo Own = new(AppContext.BaseDirectory.TrimEnd('/'));

    /// <summary>The worker as installed on an instance, published by <c>tests/bench</c>.</summary>
    public static string InstalledWorker { get; } = Path.GetFullPath(Path.Combine(Own.FullName, "../../../ready/faafo-worker"));

    /// <summary>Returns the path of a program that <c>dotnet build</c> built together with this one.</summary>
    public static string Built(string project, string program) => Path.Combine(Own.Parent!.Parent!.FullName, project, Own.Name, program);
}
