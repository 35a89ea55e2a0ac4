namespace Faafo.OpenStack;

/// <summary>The environment variables and directories that configuration is read from.</summary>
public sealed record CloudConfigSource
{
    /// <summary>The environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The directory that is searched first.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>The user's home directory.</summary>
    public required string HomeDirectory { get; init; }

    /// <summary>The machine's directories, searched last.</summary>
    public IReadOnlyList<string> SiteDirectories { get; init; } = ["/etc/xdg/openstack", "/etc/openstack"];

    /// <summary>The environment and the directories of this process.</summary>
    public static CloudConfigSource Process => new()
    {
        Variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""),
        CurrentDirectory = Environment.CurrentDirectory,
        HomeDirectory = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
    };
}
