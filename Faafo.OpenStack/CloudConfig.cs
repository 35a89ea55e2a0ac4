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
