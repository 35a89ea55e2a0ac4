using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Dns;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.KeyManagement;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.OpenStack.ObjectStorage;
using Faafo.OpenStack.Orchestration;

namespace Faafo.OpenStack;

/// <summary>
/// A client for a cloud and its services. One client is enough for a program: it is safe for concurrent use, logs in with the first request
/// and renews its token.
/// </summary>
public class OpenStackClient : IAsyncDisposable, IDisposable
{
    /// <summary>Creates a client without a cloud, for tests that override its services.</summary>
    protected OpenStackClient()
    {
        Session = null!;
        Identity = null!;
        Compute = null!;
        Networking = null!;
        Images = null!;
        ObjectStorage = null!;
        BlockStorage = null!;
        Orchestration = null!;
        LoadBalancing = null!;
        Dns = null!;
        KeyManagement = null!;
    }

    /// <summary>Creates a client for a cloud that is configured in code.</summary>
    public OpenStackClient(CloudConfig config, OpenStackClientOptions? options = null)
    {
        var session = new CloudSession(config, options);
        Session = session;
        Identity = new IdentityService(session);
        Compute = new ComputeService(session);
        Networking = new NetworkingService(session);
        Images = new ImageService(session);
        ObjectStorage = new ObjectStorageService(session);
        BlockStorage = new BlockStorageService(session);
        Orchestration = new OrchestrationService(session);
        LoadBalancing = new LoadBalancingService(session);
        Dns = new DnsService(session);
        KeyManagement = new KeyManagementService(session);
    }

    /// <summary>The login and the catalog; it also sends requests that this library has no method for.</summary>
    public virtual CloudSession Session { get; }

    /// <summary>Keystone.</summary>
    public virtual IdentityService Identity { get; }

    /// <summary>Nova.</summary>
    public virtual ComputeService Compute { get; }

    /// <summary>Neutron.</summary>
    public virtual NetworkingService Networking { get; }

    /// <summary>Glance.</summary>
    public virtual ImageService Images { get; }

    /// <summary>Swift.</summary>
    public virtual ObjectStorageService ObjectStorage { get; }

    /// <summary>Cinder.</summary>
    public virtual BlockStorageService BlockStorage { get; }

    /// <summary>Heat.</summary>
    public virtual OrchestrationService Orchestration { get; }

    /// <summary>Octavia.</summary>
    public virtual LoadBalancingService LoadBalancing { get; }

    /// <summary>Designate.</summary>
    public virtual DnsService Dns { get; }

    /// <summary>Barbican.</summary>
    public virtual KeyManagementService KeyManagement { get; }

    /// <summary>Creates a client for a cloud from clouds.yaml; see <see cref="CloudConfig.Load"/>.</summary>
    /// <exception cref="CloudConfigException">There is no such cloud, or its configuration is incomplete.</exception>
    public static OpenStackClient FromCloud(string? cloud = null, string? region = null, OpenStackClientOptions? options = null) =>
        new(CloudConfig.Load(cloud, region), options);

    /// <summary>Checks that the catalog has the services that a program needs.</summary>
    /// <exception cref="EndpointNotFoundException">A service is missing; the message names it and lists the others.</exception>
    public virtual async Task RequireAsync(IEnumerable<ServiceType> services, CancellationToken cancellationToken = default)
    {
        foreach (var service in services)
        {
            try
            {
                await Session.GetEndpointAsync(service, cancellationToken).ConfigureAwait(false);
            }
            catch (EndpointNotFoundException e)
            {
                var token = await Session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
                if (token.Catalog.Has(service) && (Session.Config.RegionName is null || e.Available.Count == 0))
                {
                    throw; // The service is there, but no region was chosen, or its address is malformed.
                }
                var others = string.Join(", ", e.Available.Select(line => line.Split(' ')[0]).Distinct());
                throw new EndpointNotFoundException(
                    $"the cloud {Session.Config.Name} has no {service.Name} service ({service.Project}) "
                    + $"in region {Session.Config.RegionName ?? "(any)"}, only: {others}",
                    e.Available,
                    e);
            }
        }
    }

    /// <summary>Creates a scope of all resources in the project that carry a mark; see <see cref="ResourceScope"/>.</summary>
    /// <param name="mark">The mark: 1 to 60 characters without "/" and ",".</param>
    /// <param name="keep">Whether disposal leaves the resources in place.</param>
    /// <param name="onRemoved">A callback that receives a line for each removed resource.</param>
    public virtual ResourceScope Scope(string mark, bool keep = false, Action<string>? onRemoved = null) =>
        new(this, mark, keep, onRemoved);

    /// <summary>
    /// Checks the configuration, the login, the catalog, each service's versions and the clocks. Problems are part of the report; only
    /// cancellation throws.
    /// </summary>
    public virtual Task<CloudDiagnosis> DiagnoseAsync(CancellationToken cancellationToken = default)
    {
        var clients = ServiceType.All.Select(type => type == ServiceType.Compute ? Compute.Client : new ServiceClient(Session, type));
        return new Diagnosis(Session).RunAsync([.. clients], cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the connections. A later call fails with <see cref="ObjectDisposedException"/>.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Session?.Dispose();
        }
    }
}
