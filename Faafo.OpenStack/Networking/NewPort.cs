using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A port to create.</summary>
/// <param name="NetworkId">The network.</param>
public sealed record NewPort(string NetworkId)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The ids of its security groups; <c>null</c> for <c>default</c>.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>The addresses; <c>null</c> for any.</summary>
    [JsonPropertyName("fixed_ips")]
    public IReadOnlyList<FixedIP>? FixedIPs { get; init; }

    /// <summary>Further addresses that the port may send from, such as a virtual IP that two HAProxy servers share.</summary>
    public IReadOnlyList<AllowedAddressPair>? AllowedAddressPairs { get; init; }

    /// <summary>
    /// Whether Neutron filters the port's traffic; <c>null</c> for the network's default. Without it, <see cref="SecurityGroups"/> must be
    /// empty.
    /// </summary>
    public bool? PortSecurityEnabled { get; init; }
}
