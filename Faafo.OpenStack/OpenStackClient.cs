using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.OpenStack.ObjectStorage;
using Faafo.OpenStack.Orchestration;

namespace Faafo.OpenStack;

/// <summary>
/// A cloud and its services. One client serves a whole program: it is safe for concurrent use, logs in when first needed and keeps
/// itself logged in.
/// </summary>
public sealed class OpenStackClient : IAsyncDisposable
{
    /// <summary>A client of a cloud that is described in code.</summary>
    public OpenStackClient(CloudConfig config, OpenStackClientOptions? options = null)
    {
        Session = new CloudSession(config, options);
        Identity = new IdentityService(Session);
        Compute = new ComputeService(Session);
        Networking = new NetworkingService(Session);
        Images = new ImageService(Session);
        ObjectStorage = new ObjectStorageService(Session);
        BlockStorage = new BlockStorageService(Session);
        Orchestration = new OrchestrationService(Session);
        LoadBalancing = new LoadBalancingService(Session);
    }

    /// <summary>The login, the catalog, and requests that this library has no method for.</summary>
    public CloudSession Session { get; }

    /// <summary>Keystone.</summary>
    public IdentityService Identity { get; }

    /// <summary>Nova.</summary>
    public ComputeService Compute { get; }

    /// <summary>Neutron.</summary>
    public NetworkingService Networking { get; }

    /// <summary>Glance.</summary>
    public ImageService Images { get; }

    /// <summary>Swift.</summary>
    public ObjectStorageService ObjectStorage { get; }

    /// <summary>Cinder.</summary>
    public BlockStorageService BlockStorage { get; }

    /// <summary>Heat.</summary>
    public OrchestrationService Orchestration { get; }

    /// <summary>Octavia.</summary>
    public LoadBalancingService LoadBalancing { get; }

    /// <summary>A client of a cloud from clouds.yaml; see <see cref="CloudConfig.Load"/>.</summary>
    /// <exception cref="CloudConfigException">There is no such cloud, or it is not described well enough.</exception>
    public static OpenStackClient FromCloud(string? cloud = null, string? region = null, OpenStackClientOptions? options = null) =>
        new(CloudConfig.Load(cloud, region), options);

    /// <summary>Makes sure that the cloud has services, before a program that needs them begins anything.</summary>
    /// <exception cref="EndpointNotFoundException">The catalog lacks one; the message names it, and the others.</exception>
    public async Task RequireAsync(IEnumerable<ServiceType> services, CancellationToken cancellationToken = default)
    {
        foreach (var service in services)
        {
            try
            {
                await Session.GetEndpointAsync(service, cancellationToken).ConfigureAwait(false);
            }
            catch (EndpointNotFoundException e)
            {
                var there = string.Join(", ", e.Available.Select(line => line.Split(' ')[0]).Distinct());
                throw new EndpointNotFoundException(
                    $"The cloud {Session.Config.Name} has no {service.Name} service ({service.Project}) in region {Session.Config.RegionName ?? "(any)"}, only: {there}.",
                    e.Available,
                    e);
            }
        }
    }

    /// <summary>Everything in the project that carries a mark; see <see cref="ResourceScope"/>.</summary>
    /// <param name="mark">1 to 60 characters without "/" and ",".</param>
    /// <param name="keep">Whether it stays at the end.</param>
    /// <param name="onRemoved">Is told what was removed, in a line for people.</param>
    public ResourceScope Scope(string mark, bool keep = false, Action<string>? onRemoved = null) => new(this, mark, keep, onRemoved);

    /// <summary>
    /// Looks at the configuration, the login, the catalog, each service's versions and the clocks. What is wrong stands in the report; only
    /// cancellation throws.
    /// </summary>
    public Task<CloudDiagnosis> DiagnoseAsync(CancellationToken cancellationToken = default) => new Diagnosis(Session).RunAsync(
        [.. ServiceType.All.Select(type => type == ServiceType.Compute ? Compute.Client : new ServiceClient(Session, type))], cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
