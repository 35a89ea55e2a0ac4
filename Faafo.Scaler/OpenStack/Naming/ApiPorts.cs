using Faafo.OpenStack.Networking;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>The ports of a flock's APIs: the members of its load balancer.</summary>
internal static class ApiPorts
{
    /// <summary>The addresses of the APIs among a flock's ports, by the name of the instance.</summary>
    public static IReadOnlyDictionary<string, string> AddressesOf(ResourceNames names, IEnumerable<Port> ports)
    {
        var addresses = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var port in InOrder(ports).Where(port => Is(names, port) && PortAddress.Find(port) is not null))
        {
            addresses.TryAdd(InstanceName.Of(FlockSpec.Api, InstanceName.OrdinalOf(port.Name)), PortAddress.Of(port));
        }
        return addresses;
    }

    /// <summary>Ports of one instance, the one that it uses first.</summary>
    public static IEnumerable<Port> InOrder(IEnumerable<Port> ports) =>
        ports.OrderBy(port => string.IsNullOrEmpty(port.DeviceId)).ThenBy(port => port.Id, StringComparer.Ordinal);

    /// <summary>Whether a port of the flock is an API's.</summary>
    public static bool Is(ResourceNames names, Port port) =>
        port.Name == names.Of(InstanceName.Of(FlockSpec.Api, InstanceName.OrdinalOf(port.Name)));
}
