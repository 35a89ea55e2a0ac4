using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;

namespace Faafo.OpenStack;

/// <summary>A resource of any service, with the fields by which its owner recognizes it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Id">The id.</param>
/// <param name="Name">The name for people: a floating IP's address; the id where there is no name.</param>
public sealed record CloudResource(ResourceKind Kind, string Id, string Name)
{
    /// <summary>The project in the fields of the resource; <c>null</c> when they show none.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The description; <c>null</c> for servers, snapshots and volumes.</summary>
    public string? Description { get; init; }

    /// <summary>The tags of a server, or the metadata keys of a volume or a snapshot.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>The status of a snapshot or volume, which decides whether its deletion has to wait.</summary>
    internal string? Status { get; init; }

    /// <summary>The server itself, for its wait.</summary>
    internal Server? Server { get; init; }

    /// <summary>Describes a server.</summary>
    public static CloudResource From(Server server) => Labelled(ResourceKind.Server, server.Id, server.Name) with
    {
        ProjectId = server.ProjectId,
        Tags = server.Tags,
        Server = server,
    };

    /// <summary>Describes a volume.</summary>
    public static CloudResource From(Volume volume) => Labelled(ResourceKind.Volume, volume.Id, volume.Name) with
    {
        ProjectId = volume.ProjectId,
        Tags = [.. volume.Metadata.Keys],
        Status = volume.Status.Value,
    };

    /// <summary>Describes a floating IP.</summary>
    public static CloudResource From(FloatingIP address) =>
        Described(ResourceKind.FloatingIP, address.Id, address.Address, address.ProjectId, address.Description);

    /// <summary>Describes a load balancer.</summary>
    public static CloudResource From(LoadBalancer balancer) =>
        Described(ResourceKind.LoadBalancer, balancer.Id, balancer.Name, balancer.ProjectId, balancer.Description);

    /// <summary>Describes a port.</summary>
    public static CloudResource From(Port port) =>
        Described(ResourceKind.Port, port.Id, port.Name, port.ProjectId, port.Description);

    /// <summary>Describes a router.</summary>
    public static CloudResource From(Router router) =>
        Described(ResourceKind.Router, router.Id, router.Name, router.ProjectId, router.Description);

    /// <summary>Describes a subnet.</summary>
    public static CloudResource From(Subnet subnet) =>
        Described(ResourceKind.Subnet, subnet.Id, subnet.Name, subnet.ProjectId, subnet.Description);

    /// <summary>Describes a network.</summary>
    public static CloudResource From(Network network) =>
        Described(ResourceKind.Network, network.Id, network.Name, network.ProjectId, network.Description);

    /// <summary>Describes a security group.</summary>
    public static CloudResource From(SecurityGroup group) =>
        Described(ResourceKind.SecurityGroup, group.Id, group.Name, group.ProjectId, group.Description);

    /// <summary>Names the resource for people, such as <c>security group web</c>.</summary>
    public override string ToString() => $"{Words(Kind)} {Name}";

    /// <summary>Names a kind for people.</summary>
    internal static string Words(ResourceKind kind) => kind switch
    {
        ResourceKind.FloatingIP => "floating address",
        ResourceKind.LoadBalancer => "load balancer",
        ResourceKind.SecurityGroup => "security group",
        _ => kind.ToString().ToLowerInvariant(),
    };

    internal static CloudResource Labelled(ResourceKind kind, string id, string? name) =>
        new(kind, id, name is { Length: > 0 } ? name : id);

    private static CloudResource Described(ResourceKind kind, string id, string? name, string? projectId, string? description) =>
        Labelled(kind, id, name) with { ProjectId = projectId, Description = description };
}
