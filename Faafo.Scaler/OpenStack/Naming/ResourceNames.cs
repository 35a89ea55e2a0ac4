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
/// The names of a flock's resources, and the marks by which a later run recognizes them. Nova sets the tags of a server in the request
/// that creates it. Neutron sets tags only in a second request, so a run that is interrupted between the two would leave a resource
/// without an owner; all Neutron resources therefore carry <see cref="Mark"/> in their description, which is part of the first request.
/// Application credentials and key pairs belong to a user across projects and regions, so their marks name both.
/// </summary>
/// <param name="Flock">The name of the flock.</param>
/// <param name="Project">The id of its project; a flock without one owns nothing.</param>
/// <param name="Region">Its region; empty for a cloud without regions.</param>
internal sealed record ResourceNames(string Flock, string Project = "", string Region = "")
{
    /// <summary>Takes project and region from the login.</summary>
    /// <exception cref="OpenStackException">The login is not scoped to a project.</exception>
    public static async Task<ResourceNames> OfAsync(OpenStackClient cloud, string flock, CancellationToken cancellationToken)
    {
        var token = await cloud.Session.GetTokenAsync(cancellationToken);
        var project = token.Project?.Id ?? throw new OpenStackException(
            $"the login to the cloud {cloud.Session.Config.Name} is not scoped to a project: set project_name in clouds.yaml");
        var onlyRegion = token.Catalog.Regions is [var only] ? only : "";
        return new ResourceNames(flock, project, cloud.Session.Config.RegionName ?? onlyRegion);
    }

    /// <summary>The description of the flock's resources.</summary>
    public string Mark => $"made by faafo-scaler for flock={Flock}";

    /// <summary>The description of the flock's resources that belong to the user.</summary>
    public string UserMark => $"{Mark} project={Project} region={Region}";

    /// <summary>The tag of the flock's servers.</summary>
    public string Tag => $"flock={Flock}";

    /// <summary>The container of lease, secrets and programs.</summary>
    public string Container => Flock;

    /// <summary>The container of the pictures.</summary>
    public string Images => $"{Flock}-images";

    /// <summary>
    /// The flock's own key pair. A key pair has no description, and its name may hold only letters, digits, blanks, hyphens and
    /// underscores: project and region are part of the name as a hash.
    /// </summary>
    public string KeyPair =>
        $"faafo-scaler-{Flock}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Project} {Region}")))[..8]}";

    /// <summary>The start of the names of the application credentials of the flock's programs.</summary>
    public string Login => $"{Flock}@{Project}@{Region}";

    /// <summary>The name of the router and of the load balancer.</summary>
    public string Own => Flock;

    /// <summary>The key pair of the flock's instances; null for none.</summary>
    public string? KeyPairOf(FlockSpec flock) => flock.PublicKeyFile is null ? flock.KeyPair : KeyPair;

    /// <summary>The name of a resource of one group or network: <c>faafo-api</c>.</summary>
    public string Of(string group) => $"{Flock}-{group}";

    /// <summary>Whether a resource that is to be deleted belongs to this flock, by its own fields.</summary>
    public bool Owns(CloudResource resource) => resource.Kind == ResourceKind.Server
        ? IsInProject(resource.ProjectId) && resource.Tags.Contains(Tag)
        : Owns(resource.Description, resource.ProjectId);

    /// <summary>Whether a server belongs to this flock.</summary>
    public bool Owns(Server server) => IsInProject(server.ProjectId) && server.Tags.Contains(Tag);

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

    /// <summary>Whether an application credential belongs to this flock.</summary>
    public bool Owns(ApplicationCredentialInfo credential) => IsInProject(credential.ProjectId) && credential.Description == UserMark;

    /// <summary>
    /// Whether a container belongs to this flock. Several regions may share one Swift; version 0.1 did not record the region.
    /// </summary>
    public bool Owns(Container container)
    {
        var region = Metadata("Region");
        return Metadata("Flock") == Flock && (region is null || region == Region);

        string? Metadata(string key) =>
            container.Metadata.FirstOrDefault(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
    }

    /// <summary>Whether a resource belongs to the flock's project. A resource of an unknown project is never touched.</summary>
    public bool IsInProject(string? project) => Project.Length > 0 && project == Project;

    private bool Owns(string? description, string? project) => IsInProject(project) && description == Mark;
}
