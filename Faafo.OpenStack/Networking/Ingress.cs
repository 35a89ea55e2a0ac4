namespace Faafo.OpenStack.Networking;

/// <summary>Rules that let traffic in, over IPv4, from anywhere unless narrowed by <c>From</c>.</summary>
public static class Ingress
{
    /// <summary>One TCP port.</summary>
    public static NewSecurityGroupRule Tcp(int port) => Tcp(port, port);

    /// <summary>TCP ports, both included.</summary>
    public static NewSecurityGroupRule Tcp(int first, int last) =>
        new() { Protocol = RuleProtocol.Tcp, PortRangeMin = first, PortRangeMax = last };

    /// <summary>One UDP port.</summary>
    public static NewSecurityGroupRule Udp(int port) => new() { Protocol = RuleProtocol.Udp, PortRangeMin = port, PortRangeMax = port };

    /// <summary>All of ICMP, such as ping.</summary>
    public static NewSecurityGroupRule Icmp() => new() { Protocol = RuleProtocol.Icmp };
}
