namespace Faafo.Options;

/// <summary>The folder of an embedded Faafo, with its database, queue and images.</summary>
/// <param name="Path">The folder.</param>
public sealed record StateDirectory(string Path)
{
    /// <summary>The default folder: <c>faafo</c> in the user's data directory.</summary>
    public static string DefaultPath => System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "faafo");

    /// <summary>The transport URL of this folder.</summary>
    public string TransportUrl => "sqlite:" + System.IO.Path.Combine(Path, "queue.db");

    /// <summary>The database URL of this folder.</summary>
    public string DatabaseUrl => "sqlite:" + System.IO.Path.Combine(Path, "faafo.db");

    /// <summary>The image store URL of this folder.</summary>
    public string ImageStoreUrl => "file:" + System.IO.Path.Combine(Path, "images");
}
