using Faafo.OpenStack.Networking;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>The address by which other instances know the one on a port.</summary>
internal static class PortAddress
{
    /// <summary>The first IPv4 address of a port.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static string Of(Port port) =>
        Find(port) ?? throw new InvalidOperationException($"the port {port.Name} ({port.Id}) has no IPv4 address");

    /// <summary>The first IPv4 address of a port; null if it has none.</summary>
    public static string? Find(Port port) => port.FixedIPs.Select(ip => ip.IpAddress).OfType<string>()
        .FirstOrDefault(ip => ip.Contains('.', StringComparison.Ordinal));
}
