using Faafo.Scaler.Policy;

namespace Faafo.Scaler.Spec;

/// <summary>What flock.yaml says: the deployment as it is wanted.</summary>
internal sealed record FlockSpec
{
    /// <summary>Name of the APIs' group.</summary>
    public const string Api = "api";

    /// <summary>Name of the workers' group.</summary>
    public const string Worker = "worker";

    /// <summary>Name of the group of one with RabbitMQ and PostgreSQL.</summary>
    public const string Services = "services";

    /// <summary>Name of the group of one with HAProxy.</summary>
    public const string LoadBalancer = "lb";

    /// <summary>The cloud that is this host.</summary>
    public const string Local = "local";

    /// <summary>Where instances come from: <c>local</c>, or a name from clouds.yaml.</summary>
    public string Cloud { get; init; } = Local;

    /// <summary>The flock's name in its cloud project: lower-case letters, digits and hyphens, at most 40.</summary>
    public string Name { get; init; } = "faafo";

    /// <summary>Time between two decisions.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The task queue; null for the embedded one, on a cloud the flock's own.</summary>
    public string? TransportUrl { get; init; }

    /// <summary>The database; null for the embedded one, on a cloud the flock's own.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>The image store; null for the embedded one, on a cloud the flock's own container in Swift.</summary>
    public string? ImageStoreUrl { get; init; }

    /// <summary>The image of all instances, by name or id; null for the cloud's only one.</summary>
    public string? Image { get; init; }

    /// <summary>The flavor of all instances, by name or id; null for the smallest with 1 GiB of memory that holds the image.</summary>
    public string? Flavor { get; init; }

    /// <summary>A key pair of the project's; null for none, or the one that <see cref="PublicKeyFile"/> is made into.</summary>
    public string? KeyPair { get; init; }

    /// <summary>A public key of SSH to make a key pair of.</summary>
    public string? PublicKeyFile { get; init; }

    /// <summary>The network of all instances, by name or id; null for the project's only one, or <see cref="OwnNetworks"/>.</summary>
    public string? Network { get; init; }

    /// <summary>Networks to make; null to use one that is there.</summary>
    public OwnNetworks? OwnNetworks { get; init; }

    /// <summary>Where floating addresses come from; null for the only external network.</summary>
    public string? ExternalNetwork { get; init; }

    /// <summary>The programs; null for a bundle that the scaler builds and keeps in the flock's container.</summary>
    public BundleSource? Bundle { get; init; }

    /// <summary>What stands before the APIs.</summary>
    public Balancing Balancing { get; init; }

    /// <summary>RabbitMQ and PostgreSQL; not there when both are somewhere else.</summary>
    public GroupSpec ServiceNodes { get; init; } = One(Services);

    /// <summary>HAProxy; not there unless it is wanted.</summary>
    public GroupSpec Balancers { get; init; } = One(LoadBalancer);

    /// <summary>The APIs. Locally there is one, or some behind HAProxy.</summary>
    public GroupSpec Apis { get; init; } = One(Api);

    /// <summary>The workers. On one host, four of one slot each show what scaling is; more than its cores gain nothing.</summary>
    public GroupSpec Workers { get; init; } = new(Worker, 1, new PolicyOptions
    {
        Min = 1,
        Max = Math.Max(4, Environment.ProcessorCount),
        ScaleInWindow = TimeSpan.FromSeconds(5),
        BootTimeout = TimeSpan.FromMinutes(2),     // half a second on an idle host, but hosts are not always idle
    });

    /// <summary>Whether instances are processes of this host.</summary>
    public bool IsLocal => Cloud == Local;

    /// <summary>Whether the flock has a queue or database of its own on its cloud.</summary>
    public bool HasServices => !IsLocal && (TransportUrl is null || DatabaseUrl is null);

    /// <summary>Whether Heat keeps everything, and the loop says only how many workers there shall be.</summary>
    public bool IsStack { get; private init; }

    /// <summary>The groups that the loop keeps. That of the services holds data: it is never replaced by a machine's decision.</summary>
    public IReadOnlyList<GroupSpec> Groups => IsStack ? [Workers] : Balancing == Balancing.HAProxy ? [Balancers, Apis, Workers] : [Apis, Workers];

    /// <summary>All groups, in the order in which they are of use to each other.</summary>
    public IEnumerable<GroupSpec> AllGroups => HasServices ? [ServiceNodes, .. Groups] : Groups;

    /// <summary>A flock with the defaults of a cloud: instances have hosts of their own and take longer to come.</summary>
    public static FlockSpec Of(string cloud) => cloud == Local ? new FlockSpec() : new FlockSpec
    {
        Cloud = cloud,
        Interval = TimeSpan.FromSeconds(5),
        ServiceNodes = One(Services, TimeSpan.FromMinutes(10)),
        Balancers = One(LoadBalancer, TimeSpan.FromMinutes(10)),
        Apis = new(Api, 1, new PolicyOptions { Min = 2, Max = 4, BootTimeout = TimeSpan.FromMinutes(10) }),
        Workers = new(Worker, 1, new PolicyOptions { Min = 3, Max = 8, BootTimeout = TimeSpan.FromMinutes(10) }),
    };

    /// <summary>The defaults of a local flock with HAProxy: two APIs behind it.</summary>
    public FlockSpec Balanced() => this with
    {
        Balancing = Balancing.HAProxy,
        Apis = Apis with { Policy = Apis.Policy with { Min = 2, Max = 4 } },
    };

    /// <summary>Whether another flock is in the same place, with all that only <c>up</c> makes: a loop can go over to that one.</summary>
    public bool IsPlacedAs(FlockSpec other)
    {
        return Placed(this) == Placed(other);

        static FlockSpec Placed(FlockSpec flock) => flock with
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
    }

    /// <summary>A stack of Heat, which sets the limits and, when it has one worker too many, removes the oldest.</summary>
    public FlockSpec OfStack(int min, int max) => this with
    {
        IsStack = true,
        Workers = Workers with { Policy = Workers.Policy with { Min = min, Max = max, OldestFirst = true } },
    };

    /// <summary>Whether a group's instances get floating addresses: where users come in, unless the file says otherwise.</summary>
    public bool HasFloatingIP(GroupSpec group) => group.FloatingIP
        ?? (group.Name == LoadBalancer || (group.Name == Api && Balancing == Balancing.None));

    /// <summary>Whether the cloud's own balancer gets a floating address.</summary>
    public bool HasBalancerAddress => Balancing == Balancing.Octavia && HasFloatingIP(Balancers);

    /// <summary>Whether a group's instances keep their address when they are replaced: others are told it once.</summary>
    public static bool HasStableIdentity(string group) => group != Worker;

    private static GroupSpec One(string name, TimeSpan? bootTimeout = null) =>
        new(name, 1, new PolicyOptions { Min = 1, Max = 1, BootTimeout = bootTimeout ?? TimeSpan.FromMinutes(2) });
}
