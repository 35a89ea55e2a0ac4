namespace Faafo.Benchmarks;

/// <summary>The files of Faafo's programs that are measured.</summary>
internal static class Programs
{
    // Ours is artifacts/bin/Faafo.Benchmarks/CONFIGURATION.
    private static readonly DirectoryInfo Own = new(AppContext.BaseDirectory.TrimEnd('/'));

    /// <summary>The worker as an instance runs it, published by <c>tests/bench</c>.</summary>
    public static string InstalledWorker { get; } = Path.GetFullPath(Path.Combine(Own.FullName, "../../../ready/faafo-worker"));

    /// <summary>A program as <c>dotnet build</c> made it together with this one.</summary>
    public static string Built(string project, string program) => Path.Combine(Own.Parent!.Parent!.FullName, project, Own.Name, program);
}
