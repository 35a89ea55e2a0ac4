namespace Faafo.OpenStack.Networking;

/// <summary>An address, besides its own, that a port may send from.</summary>
/// <param name="IpAddress">The address, or a range such as <c>10.0.1.0/28</c>.</param>
public sealed record AllowedAddressPair(string IpAddress)
{
    /// <summary>The MAC address; <c>null</c> in a request for the port's own.</summary>
    public string? MacAddress { get; init; }
}
