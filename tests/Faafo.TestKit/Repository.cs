namespace Faafo.TestKit;

/// <summary>The working tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) =>
        folder is null ? throw new InvalidOperationException("no Faafo.sln above the tests")
        : File.Exists(Path.Combine(folder.FullName, "Faafo.sln")) ? folder.FullName : Find(folder.Parent);
}
