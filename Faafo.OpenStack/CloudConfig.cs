namespace Faafo.OpenStack;

/// <summary>One cloud, ready to be logged in to: from clouds.yaml by <see cref="Load"/>, or made in code.</summary>
public sealed record CloudConfig
{
    /// <summary>The name in clouds.yaml, <c>envvars</c> for a cloud made of <c>OS_*</c> variables, or any name for a cloud made in code.</summary>
    public required string Name { get; init; }

    /// <summary>The address of Keystone, with or without <c>/v3</c>.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>Who is asking.</summary>
    public required Credential Credential { get; init; }

    /// <summary>What the token is to be good for. An application credential has its scope within and asks for none.</summary>
    public AuthScope Scope { get; init; } = AuthScope.None;

    /// <summary>The region to take endpoints from; <c>null</c> takes the first that the catalog lists.</summary>
    public string? RegionName { get; init; }

    /// <summary>The interfaces to take endpoints from, best first: <c>public</c>, <c>internal</c>, <c>admin</c>.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = ["public"];

    /// <summary>How the servers' certificates are checked and which certificate is shown to them.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Settings of single services, by <see cref="ServiceType.Name"/>.</summary>
    public IReadOnlyDictionary<string, ServiceSettings> Services { get; init; } = new Dictionary<string, ServiceSettings>();

    /// <summary>The file that describes the cloud; <c>null</c> when no file does.</summary>
    public string? File { get; init; }

    /// <summary>
    /// Reads clouds.yaml, secure.yaml, clouds-public.yaml and the environment as every OpenStack client does.
    /// </summary>
    /// <param name="cloud">The cloud's name; <c>null</c> takes <c>OS_CLOUD</c>, the <c>OS_*</c> variables, or the only cloud of the file.</param>
    /// <param name="region">The region's name; <c>null</c> takes <c>OS_REGION_NAME</c> or what the file says.</param>
    /// <param name="source">Where to look; <c>null</c> takes the process's environment and working directory.</param>
    /// <exception cref="CloudConfigException">There is no such cloud, or it is not described well enough.</exception>
    public static CloudConfig Load(string? cloud = null, string? region = null, CloudConfigSource? source = null) =>
        new CloudConfigLoader(source ?? CloudConfigSource.Process).Load(cloud, region);

    internal ServiceSettings ServiceSettings(ServiceType type) =>
        Services.TryGetValue(type.Name, out var settings) ? settings : OpenStack.ServiceSettings.None;
}

/// <summary>TLS towards the cloud.</summary>
public sealed record TlsSettings
{
    /// <summary>Whether certificates are checked. Never turn it off outside a laboratory.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>A PEM file of the authorities to trust instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>A PEM file with the client's certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the key of <see cref="CertificateFile"/>; <c>null</c> when the key is in the same file.</summary>
    public string? KeyFile { get; init; }
}

/// <summary>What a cloud says about one of its services.</summary>
public sealed record ServiceSettings
{
    internal static readonly ServiceSettings None = new();

    /// <summary>The address to use instead of the catalog's.</summary>
    public Uri? EndpointOverride { get; init; }

    /// <summary>The interfaces to use for this service; <c>null</c> takes the cloud's.</summary>
    public IReadOnlyList<string>? Interfaces { get; init; }

    /// <summary>The microversion to ask for, such as <c>2.79</c>; <c>null</c> negotiates.</summary>
    public string? DefaultMicroversion { get; init; }
}

/// <summary>Where configuration is looked for.</summary>
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
