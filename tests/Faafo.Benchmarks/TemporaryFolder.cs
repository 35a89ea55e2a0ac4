namespace Faafo.Benchmarks;

/// <summary>A folder that is deleted with its object.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("faafo-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, true);
}
