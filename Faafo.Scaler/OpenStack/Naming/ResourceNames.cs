using System.Security.Cryptography;
using System.Text;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>
/// The names of a flock's resources, and the one answer to "is this ours?" for every kind of resource. Names prove nothing: two flocks may
/// have the same. What proves it is the random id of the flock in the fields of the resource itself, together with its project. Nova sets
/// the tags of a server in the request that creates it. Neutron sets tags only in a second request, so a run that is interrupted between
/// the two would leave a resource without an owner; all Neutron resources therefore carry <see cref="Mark"/> in their description, which is
/// part of the first request. Application credentials belong to a user across projects and regions, so their marks name both.
/// </summary>
/// <param name="Flock">The name of the flock.</param>
/// <param name="Project">The id of its project; a flock without one owns nothing.</param>
/// <param name="Region">Its region; empty for a cloud without regions.</param>
/// <param name="Id">Its random id, see <see cref="FlockIdentity"/>; empty for the marks of version 0.2 and older.</param>
internal sealed record ResourceNames(string Flock, string Project = "", string Region = "", string Id = "")
{
    /// <summary>
    /// Whether the flock was made by version 0.2 or older: what carries its name and no id belongs to it too, in its own project.
    /// </summary>
    public bool HasOldMarks { get; init; }

    /// <summary>The description of the flock's resources.</summary>
    public string Mark => Id.Length > 0 ? $"{OldMark} id={Id}" : OldMark;

    /// <summary>The description of the flock's resources that belong to the user.</summary>
    public string UserMark => OfUser(Mark);

    /// <summary>The tag of the flock's servers that lists filter by.</summary>
    public string Tag => $"flock={Flock}";

    /// <summary>The tags of the flock's servers.</summary>
    public IReadOnlyList<string> Tags => Id.Length > 0 ? [Tag, IdTagPrefix + Id] : [Tag];

    /// <summary>The container of lease, secrets and programs.</summary>
    public string Container => Flock;

    /// <summary>The container of the pictures.</summary>
    public string Images => $"{Flock}-images";

    /// <summary>The metadata of the flock's objects.</summary>
    public IReadOnlyDictionary<string, string> ObjectMetadata =>
        Id.Length > 0 ? new Dictionary<string, string> { [FlockIdentity.IdKey] = Id } : [];

    /// <summary>
    /// The flock's own key pair. A key pair has no description, so its name holds the id; that of an old flock holds its project and region
    /// as a hash, and stays, because a server keeps the name of its key pair.
    /// </summary>
    public string KeyPair => Id.Length > 0 && !HasOldMarks ? $"faafo-scaler-{Flock}-{Id}"
        : $"faafo-scaler-{Flock}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Project} {Region}")))[..8]}";

    /// <summary>The start of the names of the application credentials of the flock's programs.</summary>
    public string Login => Id.Length > 0 ? $"{Flock}@{Project}@{Region}@{Id}" : $"{Flock}@{Project}@{Region}";

    /// <summary>The name of the router and of the load balancer.</summary>
    public string Own => Flock;

    private const string IdTagPrefix = "flock-id=";

    private string OldMark => $"made by faafo-scaler for flock={Flock}";

    /// <summary>Reads the names of a flock; with an id that nothing carries yet if there is no such flock.</summary>
    public static async Task<ResourceNames> OfAsync(OpenStackClient cloud, string flock, CancellationToken cancellationToken) =>
        (await FlockIdentity.ReadAsync(cloud, flock, id: null, cancellationToken)).Names;

    /// <summary>The key pair of the flock's instances; null for none.</summary>
    public string? KeyPairOf(FlockSpec flock) => flock.PublicKeyFile is null ? flock.KeyPair : KeyPair;

    /// <summary>The name of a resource of one group or network: <c>faafo-api</c>.</summary>
    public string Of(string group) => $"{Flock}-{group}";

    /// <summary>Whether a resource that is to be deleted belongs to this flock, by its own fields.</summary>
    public bool Owns(CloudResource resource) => resource.Kind == ResourceKind.Server
        ? IsInProject(resource.ProjectId) && OwnsTags(resource.Tags)
        : Owns(resource.Description, resource.ProjectId);

    /// <summary>Whether a server belongs to this flock.</summary>
    public bool Owns(Server server) => IsInProject(server.ProjectId) && OwnsTags(server.Tags);

    /// <summary>Whether a port belongs to this flock.</summary>
    public bool Owns(Port port) => Owns(port.Description, port.ProjectId);

    /// <summary>Whether a floating IP was allocated for this flock.</summary>
    public bool Owns(FloatingIP address) => Owns(address.Description, address.ProjectId);

    /// <summary>Whether a security group belongs to this flock.</summary>
    public bool Owns(SecurityGroup group) => Owns(group.Description, group.ProjectId);

    /// <summary>Whether a network belongs to this flock.</summary>
    public bool Owns(Network network) => Owns(network.Description, network.ProjectId);

    /// <summary>Whether a subnet belongs to this flock.</summary>
    public bool Owns(Subnet subnet) => Owns(subnet.Description, subnet.ProjectId);

    /// <summary>Whether a router belongs to this flock.</summary>
    public bool Owns(Router router) => Owns(router.Description, router.ProjectId);

    /// <summary>Whether a load balancer belongs to this flock.</summary>
    public bool Owns(LoadBalancer balancer) => Owns(balancer.Description, balancer.ProjectId);

    /// <summary>Whether a key pair belongs to this flock.</summary>
    public bool Owns(KeyPair pair) => Project.Length > 0 && pair.Name == KeyPair;

    /// <summary>Whether an application credential belongs to this flock.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="storedLogin">The id that the flock's container names: version 0.1 stored a credential without a mark.</param>
    public bool Owns(ApplicationCredentialInfo credential, string? storedLogin) => IsInProject(credential.ProjectId)
        && (credential.Description == UserMark || (AcceptsOldMarks
            && (credential.Description == OfUser(OldMark) || (credential.Id == storedLogin && credential.Description is null or ""))));

    /// <summary>
    /// Whether a container belongs to this flock. Several regions may share one Swift; version 0.1 did not record the region, and 0.2 not
    /// the id.
    /// </summary>
    public bool Owns(Container container) =>
        FlockIdentity.IsOf(container, Flock, Region) && (FlockIdentity.IdOf(container.Metadata) is not { } id || id == Id);

    /// <summary>Whether an object of the flock's container belongs to this flock.</summary>
    public bool Owns(ObjectInfo stored) =>
        FlockIdentity.IdOf(stored.Metadata) is { } id ? id == Id : AcceptsOldMarks && FlockIdentity.IsOldObject(stored.Name);

    /// <summary>The id of the flock that a server belongs to; null if its tags name none.</summary>
    public static string? IdOf(Server server) => IdIn(server.Tags);

    /// <summary>Whether a resource belongs to the flock's project. A resource of an unknown project is never touched.</summary>
    public bool IsInProject(string? project) => Project.Length > 0 && project == Project;

    private bool AcceptsOldMarks => HasOldMarks || Id.Length == 0;

    private string OfUser(string mark) => $"{mark} project={Project} region={Region}";

    private static string? IdIn(IReadOnlyCollection<string> tags) =>
        tags.FirstOrDefault(tag => tag.StartsWith(IdTagPrefix, StringComparison.Ordinal))?[IdTagPrefix.Length..];

    private bool OwnsTags(IReadOnlyCollection<string> tags) =>
        tags.Contains(Tag) && (IdIn(tags) is { } id ? Id.Length > 0 && id == Id : AcceptsOldMarks);

    private bool Owns(string? description, string? project) =>
        IsInProject(project) && (description == Mark || (AcceptsOldMarks && description == OldMark));
}
