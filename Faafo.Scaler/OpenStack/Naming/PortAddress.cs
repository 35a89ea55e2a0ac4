using Faafo.OpenStack.Networking;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>The address by which other instances know the one on a port.</summary>
internal static class PortAddress
{
    /// <summary>The first IPv4 address of a port.</summary>
    public static string Of(Port port) =>
        port.FixedIPs.Select(ip => ip.IpAddress).OfType<string>().First(ip => ip.Contains('.', StringComparison.Ordinal));
}
