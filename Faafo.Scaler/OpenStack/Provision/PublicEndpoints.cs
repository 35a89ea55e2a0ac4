using Faafo.Scaler.Control;
using Faafo.OpenStack;
using Faafo.OpenStack.Networking;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>The URLs at which users, and the scaler, reach a flock's API from outside the cloud.</summary>
internal static class PublicEndpoints
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Finds the floating IPs of balancer and APIs. The first is of what flock.yaml puts in front of the APIs; the others may be there
    /// from before a change of the file.
    /// </summary>
    public static async Task<IReadOnlyList<Uri>> FindAsync(
        OpenStackClient cloud, FlockSpec flock, ResourceNames names, CancellationToken cancellationToken)
    {
        var managed = await ManagedResources.ReadAsync(cloud, names, cancellationToken);
        var octavia = managed.LoadBalancers.Select(balancer => balancer.VipPortId).OfType<string>();
        var haproxy = PortsOf(names.Of(InstanceName.Of(FlockSpec.LoadBalancer, 1)));
        var apis = PortsOf(names.Of("app-api-"));
        var ports = flock.Balancing switch
        {
            Balancing.Octavia => octavia.Concat(haproxy).Concat(apis),
            Balancing.HAProxy => haproxy.Concat(octavia).Concat(apis),
            _ => apis.Concat(haproxy).Concat(octavia),
        };
        var addresses = managed.FloatingIPs.Concat(managed.ReusedFloatingIPs).ToArray();
        return
        [
            .. ports.Select(port => addresses.FirstOrDefault(address => address.PortId == port)).OfType<FloatingIP>()
                .Select(address => new Uri($"http://{address.Address}/")),
        ];

        IEnumerable<string> PortsOf(string prefix) => managed.Ports.Where(port => port.Name.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(port => port.Name, StringComparer.Ordinal).Select(port => port.Id);
    }

    /// <summary>Finds the first endpoint that is ready; the first of all if none is, and null if the flock has none.</summary>
    public static async Task<Uri?> FindReadyAsync(
        OpenStackClient cloud, FlockSpec flock, ResourceNames names, CancellationToken cancellationToken)
    {
        var endpoints = await FindAsync(cloud, flock, names, cancellationToken);
        if (endpoints.Count < 2)
        {
            return endpoints is [var only] ? only : null;
        }
        foreach (var endpoint in endpoints)
        {
            if (await FaafoClient.Connect(endpoint, timeout: Timeout).IsReadyAsync(cancellationToken))
            {
                return endpoint;
            }
        }
        return endpoints[0];
    }
}
