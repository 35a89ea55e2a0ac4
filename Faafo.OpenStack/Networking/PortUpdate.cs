using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>Changes to a port; <c>null</c> leaves a property unchanged.</summary>
public sealed record PortUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the port passes packets.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>The ids of its security groups, which replace the previous ones; empty for none.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>The addresses, which replace the previous ones; one that is to stay must be in the list.</summary>
    [JsonPropertyName("fixed_ips")]
    public IReadOnlyList<FixedIP>? FixedIPs { get; init; }

    /// <summary>
    /// Further addresses that the port may send from, such as a virtual IP that two HAProxy servers share; they replace the previous ones,
    /// and an empty list removes all.
    /// </summary>
    public IReadOnlyList<AllowedAddressPair>? AllowedAddressPairs { get; init; }

    /// <summary>
    /// Whether Neutron filters the port's traffic. To disable it, <see cref="SecurityGroups"/> and <see cref="AllowedAddressPairs"/> must
    /// be empty.
    /// </summary>
    public bool? PortSecurityEnabled { get; init; }
}
