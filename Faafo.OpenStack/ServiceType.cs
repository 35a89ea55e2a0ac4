namespace Faafo.OpenStack;

/// <summary>
/// The type of a service in the catalog. Names and historical aliases are those of the OpenStack service types authority.
/// </summary>
public sealed record ServiceType
{
    /// <summary>
    /// Creates the type of a service that this library has no methods for, such as <c>dns</c>; see <see cref="ServiceRequest"/>.
    /// </summary>
    /// <param name="name">The type in the catalog.</param>
    /// <param name="aliases">Older names of the type, in order of preference.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ServiceType(string name, params string[] aliases)
        : this(name, name, "", aliases)
    {
    }

    private ServiceType(string name, string project, string versionPath, string[] aliases)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Majors = versionPath.Length == 0 ? [] : [versionPath[2..].Split('.')[0]];
        Name = name;
        Project = project;
        VersionPath = versionPath;
        Aliases = aliases;
    }

    /// <summary>Keystone.</summary>
    public static ServiceType Identity { get; } = new("identity", "Keystone", "/v3", []);

    /// <summary>Nova.</summary>
    public static ServiceType Compute { get; } = new("compute", "Nova", "/v2.1", []);

    /// <summary>Neutron.</summary>
    public static ServiceType Network { get; } = new("network", "Neutron", "/v2.0", []);

    /// <summary>Glance.</summary>
    public static ServiceType Image { get; } = new("image", "Glance", "/v2", []);

    /// <summary>Swift. Its address contains the account, so that no version may be appended.</summary>
    public static ServiceType ObjectStore { get; } = new("object-store", "Swift", "", []);

    /// <summary>Cinder. Its address contains the project.</summary>
    public static ServiceType BlockStorage { get; } =
        new("block-storage", "Cinder", "/v3", ["volumev3", "block-store", "volumev2", "volume"])
        {
            Majors = ["3", "2"],
            HasProjectInPath = true,
        };

    /// <summary>Heat. Its address contains the project.</summary>
    public static ServiceType Orchestration { get; } = new("orchestration", "Heat", "/v1", []) { HasProjectInPath = true };

    /// <summary>Octavia.</summary>
    public static ServiceType LoadBalancer { get; } = new("load-balancer", "Octavia", "/v2", []);

    /// <summary>Designate.</summary>
    public static ServiceType Dns { get; } = new("dns", "Designate", "/v2", []);

    /// <summary>Barbican.</summary>
    public static ServiceType KeyManager { get; } = new("key-manager", "Barbican", "/v1", []);

    /// <summary>All services that this library supports.</summary>
    public static IReadOnlyList<ServiceType> All { get; } =
        [Identity, Compute, Network, Image, ObjectStore, BlockStorage, Orchestration, LoadBalancer, Dns, KeyManager];

    /// <summary>The name in the catalog, such as <c>object-store</c>.</summary>
    public string Name { get; }

    /// <summary>The name of the project that develops it, such as <c>Swift</c>.</summary>
    public string Project { get; }

    /// <summary>The older names, in order of preference.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>The path of the version below the endpoint, if the catalog may omit it.</summary>
    internal string VersionPath { get; }

    /// <summary>The major versions of the API that this library supports.</summary>
    internal IReadOnlyList<string> Majors { get; private init; }

    /// <summary>Whether the project follows the version.</summary>
    internal bool HasProjectInPath { get; private init; }

    /// <summary>The name as a prefix of settings: <c>object_store</c> in <c>object_store_endpoint_override</c>.</summary>
    internal IEnumerable<string> SettingPrefixes => Aliases.Prepend(Name).Select(name => name.Replace('-', '_'));

    /// <summary>Compares the names.</summary>
    public bool Equals(ServiceType? other) => Name == other?.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
