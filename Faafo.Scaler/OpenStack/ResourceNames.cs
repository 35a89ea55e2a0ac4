using System.Security.Cryptography;
using System.Text;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// How the things of a flock are called in its cloud, and how they are known again. Servers carry tags, which Nova takes with the
/// request that makes them. Neutron tags only afterwards, and a run that is cut between the two would leave a thing that belongs to no
/// flock; so everything of Neutron carries <see cref="Mark"/> in its description, which comes with the request. Application credentials
/// and key pairs belong to the user, in all projects and regions, so theirs has those too.
/// </summary>
/// <param name="Flock">The flock's name.</param>
/// <param name="Project">The id of the project that it is in; a flock without one owns nothing.</param>
/// <param name="Region">The region that it is in; empty where the cloud has none.</param>
internal sealed record ResourceNames(string Flock, string Project = "", string Region = "")
{
    /// <summary>The names in the project and the region that a login leads to.</summary>
    public static async Task<ResourceNames> OfAsync(OpenStackClient cloud, string flock, CancellationToken cancellationToken)
    {
        var token = await cloud.Session.GetTokenAsync(cancellationToken);
        var project = token.Project?.Id ?? throw new OpenStackException(
            $"the login to the cloud {cloud.Session.Config.Name} is not for a project: set project_name in clouds.yaml");
        return new ResourceNames(flock, project, cloud.Session.Config.RegionName ?? (token.Catalog.Regions is [var only] ? only : ""));
    }

    /// <summary>The description of what was made for this flock.</summary>
    public string Mark => $"made by faafo-scaler for flock={Flock}";

    /// <summary>The description of what belongs to the user and was made for this flock.</summary>
    public string UserMark => $"{Mark} project={Project} region={Region}";

    /// <summary>Whether a server is this flock's, by its own fields.</summary>
    public bool Owns(Server server) => IsInProject(server.ProjectId) && server.Tags.Contains(Tag);

    /// <summary>Whether a port is this flock's, by its own fields.</summary>
    public bool Owns(Port port) => Owns(port.Description, port.ProjectId);

    /// <summary>Whether a floating address was allocated for this flock, by its own fields.</summary>
    public bool Owns(FloatingIP address) => Owns(address.Description, address.ProjectId);

    /// <summary>Whether a security group is this flock's, by its own fields.</summary>
    public bool Owns(SecurityGroup group) => Owns(group.Description, group.ProjectId);

    /// <summary>Whether a network is this flock's, by its own fields.</summary>
    public bool Owns(Network network) => Owns(network.Description, network.ProjectId);

    /// <summary>Whether a subnet is this flock's, by its own fields.</summary>
    public bool Owns(Subnet subnet) => Owns(subnet.Description, subnet.ProjectId);

    /// <summary>Whether a router is this flock's, by its own fields.</summary>
    public bool Owns(Router router) => Owns(router.Description, router.ProjectId);

    /// <summary>Whether a load balancer is this flock's, by its own fields.</summary>
    public bool Owns(LoadBalancer balancer) => Owns(balancer.Description, balancer.ProjectId);

    /// <summary>Whether an application credential is this flock's, by its own fields.</summary>
    public bool Owns(ApplicationCredentialInfo credential) => IsInProject(credential.ProjectId) && credential.Description == UserMark;

    /// <summary>Whether something belongs to the flock's project. A service that does not say so gives no leave to touch it.</summary>
    public bool IsInProject(string? project) => Project.Length > 0 && project == Project;

    private bool Owns(string? description, string? project) => IsInProject(project) && description == Mark;

    /// <summary>The tag of its servers.</summary>
    public string Tag => $"flock={Flock}";

    /// <summary>The container of its lease, its secret and its programs.</summary>
    public string Container => Flock;

    /// <summary>The container of its pictures.</summary>
    public string Images => $"{Flock}-images";

    /// <summary>
    /// Its key pair, if it has one of its own. Key pairs carry no mark but their name, which may hold only letters, digits, blanks,
    /// hyphens and underscores: project and region are in it as a hash.
    /// </summary>
    public string KeyPair => $"faafo-scaler-{Flock}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Project} {Region}")))[..8]}";

    /// <summary>The name of the key pair of a flock's instances; null for none.</summary>
    public string? KeyPairOf(FlockSpec flock) => flock.PublicKeyFile is null ? flock.KeyPair : KeyPair;

    /// <summary>The application credential of its programs.</summary>
    public string Login => $"{Flock}@{Project}@{Region}";

    /// <summary>Its router and its load balancer.</summary>
    public string Own => Flock;

    /// <summary>A thing of one group or network: <c>faafo-api</c>.</summary>
    public string Of(string group) => $"{Flock}-{group}";

    /// <summary>The tag of a group's servers.</summary>
    public static string GroupTag(string group) => $"group={group}";

    /// <summary>An instance's name: <c>app-worker-3</c>; there is only one of the others.</summary>
    public static string Node(string group, int number) => group is FlockSpec.Api or FlockSpec.Worker ? $"app-{group}-{number}" : $"app-{group}";

    /// <summary>The number in an instance's name; 1 where there is none.</summary>
    public static int NumberOf(string node) => int.TryParse(node.AsSpan(node.LastIndexOf('-') + 1), out var number) ? number : 1;
}
