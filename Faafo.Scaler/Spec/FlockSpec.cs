using Faafo.Scaler.Policy;

namespace Faafo.Scaler.Spec;

/// <summary>The deployment that flock.yaml describes.</summary>
internal sealed record FlockSpec
{
    /// <summary>The group of the APIs.</summary>
    public const string Api = "api";

    /// <summary>The group of the workers.</summary>
    public const string Worker = "worker";

    /// <summary>The group of the one instance with RabbitMQ and PostgreSQL.</summary>
    public const string Services = "services";

    /// <summary>The group of the one instance with HAProxy.</summary>
    public const string LoadBalancer = "lb";

    /// <summary>The cloud that is this host.</summary>
    public const string Local = "local";

    private static readonly TimeSpan CloudBootTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Where instances come from: <c>local</c>, or a name from clouds.yaml.</summary>
    public string Cloud { get; init; } = Local;

    /// <summary>The name of the flock in its project: at most 40 lower-case letters, digits and hyphens.</summary>
    public string Name { get; init; } = "faafo";

    /// <summary>The random id of an existing flock, which several users run together; null for the user's own.</summary>
    public string? Id { get; init; }

    /// <summary>The time between two decisions.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The task queue; null for the embedded one, or on a cloud for the flock's own.</summary>
    public string? TransportUrl { get; init; }

    /// <summary>The database; null for the embedded one, or on a cloud for the flock's own.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>The image store; null for the embedded one, or on a cloud for the flock's own container in Swift.</summary>
    public string? ImageStoreUrl { get; init; }

    /// <summary>The image of all instances, by name or id; null for the cloud's only one.</summary>
    public string? Image { get; init; }

    /// <summary>The flavor of all instances, by name or id; null for the smallest with 1 GiB of memory that holds the image.</summary>
    public string? Flavor { get; init; }

    /// <summary>An existing key pair; null for none, or for the one created from <see cref="PublicKeyFile"/>.</summary>
    public string? KeyPair { get; init; }

    /// <summary>A file with the SSH public key to create a key pair from.</summary>
    public string? PublicKeyFile { get; init; }

    /// <summary>The network of all instances, by name or id; null for the project's only one, or for <see cref="OwnNetworks"/>.</summary>
    public string? Network { get; init; }

    /// <summary>The networks to create; null to use an existing one.</summary>
    public OwnNetworks? OwnNetworks { get; init; }

    /// <summary>The network of the floating IPs; null for the only external network.</summary>
    public string? ExternalNetwork { get; init; }

    /// <summary>The programs; null for a bundle that the scaler builds and stores in the flock's container.</summary>
    public BundleSource? Bundle { get; init; }

    /// <summary>The load balancer in front of the APIs.</summary>
    public Balancing Balancing { get; init; }

    /// <summary>RabbitMQ and PostgreSQL; not used if both run elsewhere.</summary>
    public GroupSpec ServiceNodes { get; init; } = One(Services);

    /// <summary>HAProxy; used only with <see cref="Balancing.HAProxy"/>.</summary>
    public GroupSpec Balancers { get; init; } = One(LoadBalancer);

    /// <summary>The APIs. On this host there is one, or several behind HAProxy.</summary>
    public GroupSpec Apis { get; init; } = One(Api);

    /// <summary>The workers. On one host, four of one slot each show the scaling; more workers than cores render no faster.</summary>
    public GroupSpec Workers { get; init; } = new(Worker, 1, new PolicyOptions
    {
        Min = 1,
        Max = Math.Max(4, Environment.ProcessorCount),
        ScaleInWindow = TimeSpan.FromSeconds(5),
        BootTimeout = TimeSpan.FromMinutes(2),     // half a second on an idle host; a loaded one is slower
    });

    /// <summary>Whether instances are processes on this host.</summary>
    public bool IsLocal => Cloud == Local;

    /// <summary>Whether the flock runs its own queue or database on its cloud.</summary>
    public bool HasServices => !IsLocal && (TransportUrl is null || DatabaseUrl is null);

    /// <summary>Whether Heat manages everything, and the loop sizes only the workers.</summary>
    public bool IsStack { get; private init; }

    /// <summary>The groups that the loop manages. The services hold data, so the loop never replaces them.</summary>
    public IReadOnlyList<GroupSpec> Groups
    {
        get
        {
            if (IsStack)
            {
                return [Workers];
            }
            return Balancing == Balancing.HAProxy ? [Balancers, Apis, Workers] : [Apis, Workers];
        }
    }

    /// <summary>All groups, each after those that it depends on.</summary>
    public IEnumerable<GroupSpec> AllGroups => HasServices ? [ServiceNodes, .. Groups] : Groups;

    /// <summary>The defaults of a flock. On a cloud an instance has a host of its own, and takes longer to boot.</summary>
    /// <param name="cloud"><c>local</c>, or a name from clouds.yaml.</param>
    /// <param name="balanced">Whether HAProxy stands in front of the APIs on this host.</param>
    public static FlockSpec Of(string cloud, bool balanced = false)
    {
        if (cloud == Local)
        {
            return balanced ? new FlockSpec().Balanced() : new FlockSpec();
        }
        return new FlockSpec
        {
            Cloud = cloud,
            Interval = TimeSpan.FromSeconds(5),
            ServiceNodes = One(Services, CloudBootTimeout),
            Balancers = One(LoadBalancer, CloudBootTimeout),
            Apis = new(Api, 1, new PolicyOptions { Min = 2, Max = 4, BootTimeout = CloudBootTimeout }),
            Workers = new(Worker, 1, new PolicyOptions { Min = 3, Max = 8, BootTimeout = CloudBootTimeout }),
        };
    }

    /// <summary>The defaults of a local flock with HAProxy: two APIs behind it.</summary>
    public FlockSpec Balanced() => this with
    {
        Balancing = Balancing.HAProxy,
        Apis = Apis with { Policy = Apis.Policy with { Min = 2, Max = 4 } },
    };

    /// <summary>Whether a running loop can switch to the other spec: they differ only in fields that do not need <c>up</c>.</summary>
    public bool CanSwitchTo(FlockSpec other) => WithoutReloadable(this) == WithoutReloadable(other);

    /// <summary>The spec of a Heat stack, which sets the limits and always removes its oldest worker.</summary>
    public FlockSpec OfStack(int min, int max) => this with
    {
        IsStack = true,
        Workers = Workers with { Policy = Workers.Policy with { Min = min, Max = max, OldestFirst = true } },
    };

    /// <summary>Whether the instances of a group get floating IPs: by default only those that users connect to.</summary>
    public bool HasFloatingIP(GroupSpec group) => group.FloatingIP
        ?? (group.Name == LoadBalancer || (group.Name == Api && Balancing == Balancing.None));

    /// <summary>Whether the load balancer of Octavia gets a floating IP.</summary>
    public bool HasBalancerAddress => Balancing == Balancing.Octavia && HasFloatingIP(Balancers);

    /// <summary>Whether a replaced instance of a group keeps its address, because other instances are configured with it.</summary>
    public static bool HasStableIdentity(string group) => group != Worker;

    private static FlockSpec WithoutReloadable(FlockSpec flock) => flock with
    {
        Interval = default,
        Image = null,
        Flavor = null,
        Bundle = null,
        ServiceNodes = One(Services),
        Balancers = One(LoadBalancer),
        Apis = One(Api),
        Workers = One(Worker),
    };

    private static GroupSpec One(string name, TimeSpan? bootTimeout = null) =>
        new(name, 1, new PolicyOptions { Min = 1, Max = 1, BootTimeout = bootTimeout ?? TimeSpan.FromMinutes(2) });
}
