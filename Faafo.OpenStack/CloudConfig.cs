namespace Faafo.OpenStack;

/// <summary>The configuration of one cloud: read from clouds.yaml by <see cref="Load"/>, or created in code.</summary>
public sealed record CloudConfig
{
    /// <summary>
    /// The name in clouds.yaml, <c>envvars</c> for a cloud from <c>OS_*</c> variables, or any name for one created in code.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The address of Keystone, with or without <c>/v3</c>.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>The credential to log in with.</summary>
    public required Credential Credential { get; init; }

    /// <summary>The scope of the token. It is ignored for an application credential, which is bound to its project.</summary>
    public AuthScope Scope { get; init; } = AuthScope.None;

    /// <summary>The region to take endpoints from; <c>null</c> takes the first that the catalog lists.</summary>
    public string? RegionName { get; init; }

    /// <summary>The interfaces to take endpoints from, in order of preference: <c>public</c>, <c>internal</c>, <c>admin</c>.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = ["public"];

    /// <summary>How certificates of servers are verified, and the client's own certificate.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>
    /// The time limit of one attempt of a request with its body, where <see cref="OpenStackClientOptions.AttemptTimeout"/> has its default;
    /// <c>null</c> for that default.
    /// </summary>
    public TimeSpan? ApiTimeout { get; init; }

    /// <summary>What is known of the cloud's networks.</summary>
    public IReadOnlyList<ConfiguredNetwork> Networks { get; init; } = [];

    /// <summary>Settings of single services, by <see cref="ServiceType.Name"/>.</summary>
    public IReadOnlyDictionary<string, ServiceSettings> Services { get; init; } = new Dictionary<string, ServiceSettings>();

    /// <summary>The file that describes the cloud; <c>null</c> if none does.</summary>
    public string? File { get; init; }

    /// <summary>
    /// Reads clouds.yaml, secure.yaml, clouds-public.yaml and the environment, as other OpenStack clients do.
    /// </summary>
    /// <param name="cloud">The name; <c>null</c> takes <c>OS_CLOUD</c>, the <c>OS_*</c> variables, or the only cloud of the file.</param>
    /// <param name="region">The region's name; <c>null</c> takes <c>OS_REGION_NAME</c> or the file's.</param>
    /// <param name="source">The environment and directories; <c>null</c> takes those of the process.</param>
    /// <exception cref="CloudConfigException">There is no such cloud, or its configuration is incomplete.</exception>
    public static CloudConfig Load(string? cloud = null, string? region = null, CloudConfigSource? source = null) =>
        new CloudConfigLoader(source ?? CloudConfigSource.Process).Load(cloud, region);

    /// <summary>Returns the options with the settings of this cloud; what a program has set itself wins.</summary>
    internal OpenStackClientOptions Apply(OpenStackClientOptions options) =>
        ApiTimeout is { } timeout && options.AttemptTimeout == new OpenStackClientOptions().AttemptTimeout
            ? options with { AttemptTimeout = timeout }
            : options;

    internal ServiceSettings ServiceSettings(ServiceType type) =>
        Services.TryGetValue(type.Name, out var settings) ? settings : OpenStack.ServiceSettings.None;
}
